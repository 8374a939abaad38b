import type { GetObjectAclOutput, GetObjectAclRequest } from '@aws-sdk/client-s3';
import type { Operation } from '../../operation.ts';
import { readDemand } from '../demands.ts';
import { objectFields } from '../fields.ts';
import { fullControl, ownerOf } from '../owner.ts';
import { requestedVersion } from '../reading.ts';
import type { S3State } from '../state.ts';

export const getObjectAcl: Operation<S3State, GetObjectAclRequest, GetObjectAclOutput> = {
  name: 'GetObjectAcl',
  fields: { ...objectFields, VersionId: 'real' },
  authorize(input, _call, state) {
    const action = input.VersionId === undefined ? 's3:GetObjectAcl' : 's3:GetObjectVersionAcl';
    return [readDemand(action, input, state)];
  },
  run(input, call, state) {
    const { account } = requestedVersion(input, call, state).bucket;
    return { Owner: ownerOf(account), Grants: fullControl(account) };
  },
};
