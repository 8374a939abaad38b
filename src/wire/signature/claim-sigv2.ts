import type { RequestHead } from '../message.ts';
import type { SigV2Claim } from './claim.ts';
import { dialectOf } from './dialect.ts';
import { accessDenied, credentialFault, unsupportedAlgorithm } from './faults.ts';
import type { QueryParameters } from './parameters.ts';
import { sessionTokenOf } from './scope.ts';

const needed = 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth */
export function readSigV2Claim(head: RequestHead, parameters: QueryParameters): SigV2Claim {
  const dialect = dialectOf(head);
  if (dialect !== 's3') throw unsupportedAlgorithm(dialect, 'AWS signature version 2');
  const value = (name: string): string => {
    const values = parameters.get(name) ?? [];
    if (values.length !== 1 || values[0] === '') throw accessDenied(needed);
    return values[0] as string;
  };
  const [accessKeyId, signature, expires] = [value('AWSAccessKeyId'), value('Signature'), value('Expires')];
  if (!/^[\w.-]{1,128}$/.test(accessKeyId)) throw credentialFault(dialect, 'query', 'elements');
  if (!/^\d{1,12}$/.test(expires)) throw accessDenied('Invalid date (should be seconds since epoch)');
  const token = parameters.get('x-amz-security-token')?.join() ?? head.headers.get('x-amz-security-token');
  const sessionToken = sessionTokenOf(token, dialect);
  return {
    kind: 'sigv2-query',
    accessKeyId,
    ...(sessionToken !== undefined && { sessionToken }),
    signature,
    expires,
  };
}
