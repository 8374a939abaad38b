import type { GetObjectAclOutput, GetObjectAclRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { objectDemand, requireBucket } from '../buckets.ts';
import { fullControl, ownerOf } from '../owner.ts';
import { requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';

export const getObjectAcl: Operation<S3State, GetObjectAclRequest, GetObjectAclOutput> = {
  name: 'GetObjectAcl',
  fields: { Bucket: 'real', Key: 'real', VersionId: 'real', RequestPayer: 'stored', ExpectedBucketOwner: 'real' },
  authorize(input, _call, state) {
    const action = input.VersionId === undefined ? 's3:GetObjectAcl' : 's3:GetObjectVersionAcl';
    return [objectDemand(action, input, { state })];
  },
  run(input, call, state) {
    requestedVersion(input, call, state);
    const { account } = requireBucket(input, state);
    return { Owner: ownerOf(account), Grants: fullControl(account) };
  },
};
