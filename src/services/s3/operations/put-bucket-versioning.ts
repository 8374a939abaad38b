import type { PutBucketVersioningRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { bucketDemand, requireBucket } from '../buckets.ts';
import { illegalVersioning } from '../errors.ts';
import type { S3State } from '../state.ts';

export const putBucketVersioning: Operation<S3State, PutBucketVersioningRequest, Record<string, never>> = {
  name: 'PutBucketVersioning',
  fields: {
    Bucket: 'real',
    VersioningConfiguration: 'real',
    ContentMD5: 'real',
    ChecksumAlgorithm: 'real',
    MFA: 'refused',
    ExpectedBucketOwner: 'real',
  },
  authorize: ({ Bucket }, _call, state) => [bucketDemand('s3:PutBucketVersioning', Bucket, { state })],
  run(input, _call, state) {
    const { name } = requireBucket(input, state);
    const { Status: status, MFADelete: mfaDelete } = input.VersioningConfiguration;
    // Versioning can be suspended, but never be taken back.
    if (status === undefined || mfaDelete === 'Enabled') throw illegalVersioning();
    state.store.database.run('UPDATE buckets SET versioning = ? WHERE name = ?', status, name);
    return {};
  },
};
