import type { DeleteObjectTaggingOutput, DeleteObjectTaggingRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { setTags, taggingDemand } from '../object-tags.ts';
import { requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';

export const deleteObjectTagging: Operation<S3State, DeleteObjectTaggingRequest, DeleteObjectTaggingOutput> = {
  name: 'DeleteObjectTagging',
  fields: { Bucket: 'real', Key: 'real', VersionId: 'real', ExpectedBucketOwner: 'real' },
  authorize: (input, _call, state) => [taggingDemand('Delete', input, state)],
  run: (input, call, state) =>
    state.store.database.transaction(() => {
      const { bucket, version } = requestedVersion(input, call, state);
      setTags(version, [], state);
      return bucket.versioning ? { VersionId: version.version } : {};
    }),
};
