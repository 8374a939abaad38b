import type { GetObjectOutput, GetObjectRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { checkReadConditions } from '../conditions.ts';
import { contentRange } from '../range.ts';
import { describeObject, readDemand, requestedRange, requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';
import type { WithResponseBody } from '../stream.ts';

export const getObject: Operation<S3State, GetObjectRequest, WithResponseBody<GetObjectOutput>> = {
  name: 'GetObject',
  fields: {
    Bucket: 'real',
    Key: 'real',
    IfMatch: 'real',
    IfModifiedSince: 'real',
    IfNoneMatch: 'real',
    IfUnmodifiedSince: 'real',
    Range: 'real',
    ResponseCacheControl: 'real',
    ResponseContentDisposition: 'real',
    ResponseContentEncoding: 'real',
    ResponseContentLanguage: 'real',
    ResponseContentType: 'real',
    ResponseExpires: 'real',
    VersionId: 'real',
    SSECustomerAlgorithm: 'refused',
    SSECustomerKey: 'refused',
    SSECustomerKeyMD5: 'refused',
    RequestPayer: 'stored',
    PartNumber: 'real',
    ExpectedBucketOwner: 'real',
    ChecksumMode: 'real',
  },
  authorize: (input, _call, state) => [readDemand(input, state)],
  run(input, call, state) {
    const version = requestedVersion(input, call, state);
    checkReadConditions(input, version);
    const range = requestedRange(input, version);
    return {
      ...describeObject(version, { input, call, range, state }),
      ...(range && { ContentRange: contentRange(range, version.size) }),
      Body: state.store.blobs.read(version.parts, range),
    };
  },
  status: ({ ContentRange }) => (ContentRange === undefined ? undefined : 206),
};
