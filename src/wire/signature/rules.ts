import { AwsFault } from '../fault.ts';
import type { RequestHead } from '../message.ts';
import type { SigV4Claim } from './claim.ts';
import type { Dialect } from './dialect.ts';
import { accessDenied, invalidSignature, printable, scopeFault } from './faults.ts';

/** The scope is of the request's day, and host and operation are signed: else a signature could be carried elsewhere. */
export function checkScope(
  { headers }: RequestHead,
  { kind, scope, date, signedHeaders }: SigV4Claim,
  dialect: Dialect,
): void {
  const day = date.slice(0, 8);
  const isHostSigned = signedHeaders.includes('host');
  if (dialect === 's3') {
    const place = kind === 'sigv4-header' ? 'header' : 'query';
    if (scope.date !== day) {
      const reason = `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${day}".`;
      throw scopeFault(place, reason);
    }
    if (scope.service !== 's3') {
      throw scopeFault(place, `incorrect service "${scope.service}". This endpoint belongs to "s3".`);
    }
    if (!isHostSigned) throw notSigned('host');
    return;
  }
  if (scope.date !== day) {
    const reason = `'${scope.date}' != '${day}', from '${date}'.`;
    const message = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ${reason}`;
    throw invalidSignature(dialect, message);
  }
  if (!isHostSigned) {
    throw invalidSignature(dialect, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  // It names the operation.
  if (headers.has('x-amz-target') && !signedHeaders.includes('x-amz-target')) {
    throw invalidSignature(dialect, "'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.");
  }
}

/** S3 wants every x-amz header signed, since such headers say what is done, and a payload that it can understand. */
export function checkS3Claim({ rawHeaders }: RequestHead, { signedHeaders, payload }: SigV4Claim): void {
  const signed = new Set(signedHeaders);
  // The canonical request ends with the value of x-amz-content-sha256, so it is covered in any case.
  const unsigned = rawHeaders
    .map(([name]) => name.toLowerCase())
    .filter((name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signed.has(name));
  if (unsigned.length > 0) throw notSigned([...new Set(unsigned)].join(', '));
  if (payload.kind === 'absent') {
    const message = 'Missing required header for this request: x-amz-content-sha256';
    throw new AwsFault({ code: 'InvalidRequest', status: 400, message });
  }
  if (payload.kind !== 'other') return;
  const values =
    'UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
  throw new AwsFault({
    code: 'InvalidArgument',
    status: 400,
    message: `x-amz-content-sha256 must be ${values} or a valid sha256 value.`,
    fields: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: printable(payload.value) },
  });
}

function notSigned(names: string): AwsFault {
  return accessDenied('There were headers present in the request which were not signed', { HeadersNotSigned: names });
}
