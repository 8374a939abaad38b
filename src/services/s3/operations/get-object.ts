import type { GetObjectOutput, GetObjectRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { checkReadConditions } from '../conditions.ts';
import { customerKeyFields, objectFields } from '../fields.ts';
import { contentRange } from '../range.ts';
import { describeObject, getDemand, requestedRange, requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';
import type { WithResponseBody } from '../stream.ts';

/** HeadObject has the same members. */
export const readFields = {
  ...objectFields,
  ...customerKeyFields,
  IfMatch: 'real',
  IfModifiedSince: 'real',
  IfNoneMatch: 'real',
  IfUnmodifiedSince: 'real',
  Range: 'real',
  PartNumber: 'real',
  ResponseCacheControl: 'real',
  ResponseContentDisposition: 'real',
  ResponseContentEncoding: 'real',
  ResponseContentLanguage: 'real',
  ResponseContentType: 'real',
  ResponseExpires: 'real',
  VersionId: 'real',
  ChecksumMode: 'real',
} as const;

export const getObject: Operation<S3State, GetObjectRequest, WithResponseBody<GetObjectOutput>> = {
  name: 'GetObject',
  fields: readFields,
  authorize: (input, _call, state) => [getDemand(input, state)],
  run(input, call, state) {
    const found = requestedVersion(input, call, state);
    const { version } = found;
    checkReadConditions(input, version, call.now);
    const range = requestedRange(input, version);
    return {
      ...describeObject(found, { input, call, range }),
      ...(range && { ContentRange: contentRange(range, version.size) }),
      Body: state.store.blobs.read(version.parts, range),
    };
  },
  status: ({ ContentRange }) => (ContentRange === undefined ? undefined : 206),
};
