import assert from 'node:assert/strict';
import { type Random, seededRandom } from '../../../src/random/index.ts';
import type { Support } from '../../../src/services/operation.ts';
import {
  type Constraints,
  loadConstraints,
  loadModel,
  type OperationModel,
  type ServiceModel,
  type ServiceName,
} from '../../../src/wire/index.ts';
import { type Answer, assumeNewRole, element, send, statement } from '../client.ts';
import type { Running } from '../running.ts';
import { type Keys, percentEncode, type RawRequest, sha256 } from '../signing.ts';
import { type Draft, encode, type ProtocolName } from './encodings.ts';
import { inputOf, pick } from './inputs.ts';
import { mutateBytes, mutateHead, mutateInput } from './mutate.ts';
import { seal } from './seal.ts';
import { assertWellFormed } from './well-formed.ts';

/** Services by the protocols that reach them. */
export const protocols: Readonly<Record<ProtocolName, readonly ServiceName[]>> = {
  'rest-xml': ['s3'],
  query: ['iam', 'sts', 'cloudwatch'],
  json: ['logs', 'cloudwatch'],
  cbor: ['cloudwatch'],
};

interface Target {
  readonly model: ServiceModel;
  readonly constraints: Constraints;
  readonly operations: readonly {
    readonly model: OperationModel;
    readonly fields: Readonly<Record<string, Support>>;
  }[];
}

async function targetOf(name: ServiceName): Promise<Target> {
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

/** What requests are made from: names of what exists on the server. */
interface Ground {
  readonly known: Readonly<Record<string, readonly string[]>>;
  readonly keys: readonly Keys[];
}

/** Makes what valid requests ask for. It may be there already. */
async function prepare({ root }: Running): Promise<Readonly<Record<string, readonly string[]>>> {
  for (const bucket of ['bucket', 'versioned']) await root.s3('PUT', `/${bucket}`);
  const on = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
  await root.s3('PUT', '/versioned?versioning', { body: on });
  for (const bucket of ['bucket', 'versioned']) await root.s3('PUT', `/${bucket}/kept`, { body: 'kept bytes' });
  const upload = element((await root.s3('POST', '/bucket/a?uploads')).text, 'UploadId');
  const part = await root.s3('PUT', `/bucket/a?partNumber=1&uploadId=${upload}`, { body: 'part' });
  await root.json('logs', 'Logs_20140328.CreateLogGroup', { logGroupName: 'group' });
  await root.json('logs', 'Logs_20140328.CreateLogStream', { logGroupName: 'group', logStreamName: 'stream' });
  const trust = JSON.stringify(statement({ Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }));
  await root.query('iam', { Action: 'CreateRole', RoleName: 'role', AssumeRolePolicyDocument: trust });
  const rights = JSON.stringify(statement({ Action: 's3:Get*', Resource: '*' }));
  await root.query('iam', { Action: 'CreatePolicy', PolicyName: 'policy', PolicyDocument: rights });
  const bucketPolicy = statement({ Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' });
  const policyArns = ['arn:aws:iam::000000000000:policy/policy', 'arn:aws:iam::aws:policy/AmazonS3FullAccess'];
  return {
    Bucket: ['bucket', 'bucket', 'versioned', 'scratch'],
    Key: ['kept', 'kept', 'a', 'b', 'a/b', 'é 犬'],
    UploadId: [upload],
    ETag: [String(part.headers.etag)],
    CopySource: ['/bucket/kept', 'versioned/kept'],
    Range: ['bytes=0-3'],
    Policy: [JSON.stringify(bucketPolicy), rights],
    VersionId: ['null', 'v1'],
    ExpectedBucketOwner: ['000000000000'],
    LocationConstraint: ['eu-west-1'],
    ContinuationToken: ['x'],
    Tagging: ['a=b'],
    RoleName: ['role'],
    PolicyName: ['policy', 'inline'],
    PolicyArn: policyArns,
    arn: policyArns,
    RoleArn: ['arn:aws:iam::000000000000:role/role'],
    RoleSessionName: ['session'],
    PolicyDocument: [rights],
    AssumeRolePolicyDocument: [trust],
    AWSServiceName: ['sagemaker.application-autoscaling.amazonaws.com'],
    Path: ['/', '/a/'],
    PathPrefix: ['/', '/a/'],
    logGroupName: ['group', 'group', 'other'],
    logStreamName: ['stream', 'stream', 'other'],
    logGroupIdentifier: ['group', 'arn:aws:logs:us-east-1:000000000000:log-group:group'],
    resourceArn: ['arn:aws:logs:us-east-1:000000000000:log-group:group'],
    filterPattern: ['', 'a b', '?a ?b', '"a b" -c', '[a, b]'],
    message: ['a line', 'ERROR x'],
    Namespace: ['Space'],
    MetricName: ['Count', 'Time'],
    Stat: ['Average', 'p99', 'Sum'],
    Statistics: ['Average'],
    Unit: ['Count'],
    Id: ['m1', 'm2'],
  };
}

export interface Mutations {
  readonly protocol: ProtocolName;
  readonly seed: string;
  readonly count: number;
  /** Number of the first request: `SEED/NUMBER` of a defect is repeated with `first: NUMBER, count: 1`. */
  readonly first?: number;
}

/** A failure that can be repeated: `seed/number`. */
export interface Defect {
  readonly number: string;
  readonly problem: string;
  readonly request: string;
}

export interface Report {
  readonly statuses: ReadonlyMap<number, number>;
  readonly defects: readonly Defect[];
}

const lanes = 16;
const controlEvery = 500;

/**
 * Sends mutated requests and looks at each answer: that there is one, no 5xx but 501, in the shape of its protocol, without a secret; and
 * at the log: no defect, no secret. Every 500 a control request has to be answered as ever.
 */
export async function sendMutated(at: Running, { protocol, seed, count, first = 0 }: Mutations): Promise<Report> {
  const targets = await Promise.all(protocols[protocol].map(targetOf));
  const known = await prepare(at);
  const { root, url, server } = at;
  const role = `mutant-${sha256(seed).slice(0, 12)}`;
  const session = await assumeNewRole(root, role, { policy: statement({ Action: '*', Resource: '*' }), url });
  await root.s3('PUT', '/control');
  await root.s3('PUT', '/control/control', { body: 'still here' });
  const ground: Ground = { known, keys: [server.credentials, session.keys] };
  const secrets = ground.keys.map(({ secretAccessKey }) => secretAccessKey);
  const tokens = [session.keys.sessionToken ?? 'none'];
  const statuses = new Map<number, number>();
  const defects: Defect[] = [];
  let logged = at.log.length;

  const one = async (number: number): Promise<void> => {
    const random = seededRandom(`${seed}/${number}`);
    const request = mutatedRequest(protocol, { targets, ground, random, url });
    const fail = (problem: string): void =>
      void defects.push({ number: `${seed}/${number}`, problem, request: shown(request) });
    let answer: Answer;
    try {
      answer = await send(url, request);
    } catch (error) {
      return fail(`no answer: ${error}`);
    }
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    // A refused signature is answered with what should have been signed, and so with the token that came with it.
    const foreign = tokens.filter(
      (token) =>
        !`${shown(request)} ${request.target}`.includes(percentEncode(token)) && !shown(request).includes(token),
    );
    const problem = problemOf(answer, [...secrets, ...foreign]);
    if (problem !== undefined) fail(problem);
  };
  const readLog = (): void => {
    for (; logged < at.log.length; logged++) {
      const line = at.log[logged] as string;
      const { level, error, message } = JSON.parse(line) as { level: string; error?: string; message: string };
      if (level === 'error')
        defects.push({ number: seed, problem: `${message}: ${error}`, request: line.slice(0, 300) });
      if ([...secrets, ...tokens].some((secret) => line.includes(secret))) {
        defects.push({ number: seed, problem: 'a secret in the log', request: line });
      }
    }
  };
  let next = first;
  const lane = async (): Promise<void> => {
    for (let number = next++; number < first + count; number = next++) {
      await one(number);
      if (number % controlEvery !== 0) continue;
      const { text } = await root.s3('GET', '/control/control');
      assert.equal(text, 'still here', `${seed}/${number}: the control request`);
      await prepare(at);
      readLog();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  readLog();
  const control = await root.s3('GET', '/control/control');
  assert.equal(control.text, 'still here', `${seed}: the control request`);
  return { statuses, defects };
}

interface Making {
  readonly targets: readonly Target[];
  readonly ground: Ground;
  readonly random: Random;
  readonly url: string;
}

function mutatedRequest(protocol: ProtocolName, { targets, ground, random, url }: Making): RawRequest {
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
  const sealing = { host, service: service.signingName, keys: pick(ground.keys, random), random };
  return seal({ ...draft, headers: Object.fromEntries(headers) }, sealing);
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

function problemOf(answer: Answer, secrets: readonly string[]): string | undefined {
  const { status, text, headers } = answer;
  if (status >= 500 && status !== 501) return `status ${status}: ${text.slice(0, 300)}`;
  const whole = `${JSON.stringify(headers)} ${text}`;
  if (secrets.some((secret) => whole.includes(secret))) return 'a secret in the answer';
  try {
    assertWellFormed(answer);
  } catch (error) {
    return `not well-formed: ${(error as Error).message}: ${text.slice(0, 600)}`;
  }
  return undefined;
}

function shown({ method, target, headers, body }: RawRequest): string {
  return `${method} ${target}\n${JSON.stringify(headers)}\n${Buffer.from(body).toString('latin1').slice(0, 2000)}`;
}
