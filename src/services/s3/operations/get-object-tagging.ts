import type { GetObjectTaggingOutput, GetObjectTaggingRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { objectFields } from '../fields.ts';
import { taggingDemand } from '../object-tags.ts';
import { requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';

export const getObjectTagging: Operation<S3State, GetObjectTaggingRequest, GetObjectTaggingOutput> = {
  name: 'GetObjectTagging',
  fields: { ...objectFields, VersionId: 'real' },
  authorize: (input, _call, state) => [taggingDemand('Get', input, state)],
  run(input, call, state) {
    const { bucket, version } = requestedVersion(input, call, state);
    return {
      TagSet: (version.tags ?? []).map(([Key, Value]) => ({ Key, Value })),
      ...(bucket.versioning && { VersionId: version.version }),
    };
  },
};
