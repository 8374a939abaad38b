import type { Random } from '../../../src/random/index.ts';
import type { Support } from '../../../src/services/operation.ts';
import {
  type Constraints,
  loadConstraints,
  loadModel,
  type OperationModel,
  type ServiceModel,
  type ServiceName,
} from '../../../src/wire/index.ts';
import { type ChunkedForm, chunkedUpload } from '../chunked-uploads.ts';
import { rawRequest } from '../client.ts';
import type { Keys, RawRequest } from '../signing.ts';
import { type Draft, encode, type ProtocolName } from './encodings.ts';
import { inputOf, pick } from './inputs.ts';
import { mutateBytes, mutateHead, mutateInput } from './mutate.ts';
import { seal } from './seal.ts';

/** A service with the operations that are served. */
export interface Target {
  readonly model: ServiceModel;
  readonly constraints: Constraints;
  readonly operations: readonly {
    readonly model: OperationModel;
    readonly fields: Readonly<Record<string, Support>>;
  }[];
}

export async function targetOf(name: ServiceName): Promise<Target> {
  const { operations } = (await import(`../../../src/services/${name}/index.ts`)) as {
    operations: Readonly<Record<string, { readonly name: string; readonly fields: Readonly<Record<string, Support>> }>>;
  };
  const model = await loadModel(name);
  const served = Object.values(operations).flatMap(({ name, fields }) => {
    const found = model.operations.get(name);
    return found ? [{ model: found, fields }] : [];
  });
  return { model, constraints: loadConstraints(name), operations: served };
}

/** What requests are made from: what exists on the server, and who may ask. */
export interface Ground {
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly keys: readonly Keys[];
}

export interface Making {
  readonly targets: readonly Target[];
  readonly ground: Ground;
  readonly random: Random;
  readonly url: string;
}

/** A request for one of the operations, valid or not, signed or not: always the same one for the same random numbers. */
export async function mutatedRequest(
  protocol: ProtocolName,
  { targets, ground, random, url }: Making,
): Promise<RawRequest> {
  const { model: service, constraints, operations } = pick(targets, random);
  const { model, fields } = pick(operations, random);
  const chanceOf = (member: string): number => (fields[member] === 'refused' ? 0.01 : chance(member));
  const own =
    model.name === 'UpdateAssumeRolePolicy' ? { PolicyDocument: ground.known.AssumeRolePolicyDocument ?? [] } : {};
  const known = { ...ground.known, ...(/Part|Upload/.test(model.name) && { Key: ['a'] }), ...own };
  let input = inputOf(model.name, { service: service.name, constraints, random, known, chanceOf });
  const valid = random.next() < 0.1;
  if (!valid && random.next() < 0.75) {
    for (let hits = random.integer(2); hits >= 0; hits--) input = mutateInput(input, random);
  }
  let draft: Draft = encode(protocol, input, { service, model });
  if (!valid && random.next() < 0.25) draft = { ...draft, body: mutateBytes(draft.body, random) };
  if (!valid && random.next() < 0.3) draft = mutateHead(draft, random);
  const headers = Object.entries(draft.headers).map(([name, value]) => [headerName(name), headerValue(value)]);
  const host = new URL(url).host;
  const keys = pick(ground.keys, random);
  const sound = { ...draft, headers: Object.fromEntries(headers) };
  if (/^(PutObject|UploadPart)$/.test(model.name) && random.next() < 0.3) return chunked(sound, { keys, random, url });
  return seal(sound, { host, service: service.signingName, keys, random });
}

const forms: readonly ChunkedForm[] = [
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
];

/** An upload in signed chunks, whose framing is mutated after that. */
async function chunked(
  { target, headers, body }: Draft,
  { keys, random, url }: { keys: Keys; random: Random; url: string },
): Promise<RawRequest> {
  const form = pick(forms, random);
  const trailer = form.endsWith('TRAILER') && ['x-amz-checksum-crc32', pick(['AAAAAA==', 'x', ''], random)];
  const request = await chunkedUpload(rawRequest(url, { target, headers }), {
    ...{ keys, form, chunks: [Buffer.alloc(random.integer(2) * 9000, 'a'), body] },
    ...(trailer && { trailer: trailer as [string, string] }),
  });
  return random.next() < 0.8 ? { ...request, body: mutateBytes(request.body, random) } : request;
}

/** What goes with few others, or is rarely true; and what hardly anything can do without. */
const rare =
  /^((CopySource)?If|Checksum(?!Algorithm|Type|Mode)|ContentMD5|.*SSE|Grant|.*Token$|.*Marker$|VersionId|Expression|StatisticValues|Values|Counts|logGroupIdentifiers?|CopySourceVersionId|MFA|ContentLength)/;
const common =
  /^(MetricStat|Statistics|Value|MultipartUpload|Parts|ETag|Tagging|TagSet|Delete|PartNumber|VersioningConfiguration|Status|logStreamName)$/;

function chance(member: string): number {
  if (rare.test(member)) return 0.04;
  return common.test(member) ? 0.95 : 0.2;
}

/** What no client library would let pass never reaches a server from one; bounds.test.ts sends that. */
function headerName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9-]/g, '-') || 'x';
}

function headerValue(value: string): string {
  return Buffer.from(value.slice(0, 4000), 'utf8')
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .trim();
}
