/** Signs mutated requests as they are, by the server's own rule, so that they get past authentication, or else wrongly on purpose. */
import { createHmac } from 'node:crypto';
import type { Random } from '../../../src/random/index.ts';
import type { RequestHead } from '../../../src/wire/index.ts';
import { canonicalRequest, normalisedPath, s3Path } from '../../../src/wire/signature/canonical.ts';
import { type Keys, presignedV2, type RawRequest, sha256 } from '../signing.ts';
import type { Draft } from './encodings.ts';
import { pick } from './inputs.ts';

export interface Sealing {
  readonly host: string;
  readonly service: string;
  readonly keys: Keys;
  readonly random: Random;
}

export function seal(draft: Draft, sealing: Sealing): RawRequest {
  const { random, host, keys } = sealing;
  const plain = { ...draft, headers: { host, ...draft.headers } };
  const fate = random.next();
  if (fate < 0.85) return signedAsIs(plain, sealing, keys);
  if (fate < 0.9) return plain;
  if (fate < 0.93) return signedAsIs(plain, sealing, { ...keys, secretAccessKey: 'wrong' });
  if (fate < 0.96) return presignedV2(plain, { keys, expires: new Date(Date.now() + 60_000) });
  return spoilt(signedAsIs(plain, sealing, keys), random);
}

/** Payloads that S3 knows beside the hash of the body. */
const payloads = [
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'x',
  '',
];

function signedAsIs(request: RawRequest, { service, random }: Sealing, keys: Keys): RawRequest {
  const date = new Date().toISOString().replace(/[:-]|\.\d+/g, '');
  const hash = sha256(request.body);
  const payload = service === 's3' && random.next() < 0.06 ? pick(payloads, random) : hash;
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': date,
    ...(service === 's3' && { 'x-amz-content-sha256': payload }),
    ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
  };
  const scope = `${date.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const signedHeaders = Object.keys(headers).sort();
  const [rawPath = '/', rawQuery = ''] = request.target.split(/\?(.*)/s);
  const rawHeaders = Object.entries(headers);
  const head: RequestHead = { method: request.method, rawPath, rawQuery, rawHeaders, headers: new Map(rawHeaders) };
  const path = service === 's3' ? s3Path(rawPath) : normalisedPath(rawPath);
  const canonical = canonicalRequest(head, { signedHeaders, payload, path });
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(Buffer.from(canonical, 'latin1'))].join('\n');
  const key = scope
    .split('/')
    .reduce<Buffer>(
      (parent, part) => createHmac('sha256', parent).update(part).digest(),
      Buffer.from(`AWS4${keys.secretAccessKey}`),
    );
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const credential = `${keys.accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return { ...request, headers: { ...headers, authorization } };
}

/** A letter of the authorization changes, or a part of it goes. */
function spoilt(request: RawRequest, random: Random): RawRequest {
  const { authorization = '' } = request.headers;
  const at = random.integer(authorization.length);
  const changes = [
    authorization.slice(0, at) + String.fromCharCode(33 + random.integer(90)) + authorization.slice(at + 1),
    authorization.slice(0, at),
    authorization.replace(/SignedHeaders=[^,]*/, 'SignedHeaders=host'),
    authorization.replace(/\/\d{8}\//, '/20200101/'),
    authorization.replace('aws4_request', 'aws5'),
    'Basic d2hpcHBldDp3aGlwcGV0',
    'Bearer x',
    'AWS AKIA:x',
    '',
  ];
  return { ...request, headers: { ...request.headers, authorization: pick(changes, random) } };
}
