import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { Operation } from '../../operation.ts';
import { missingAuthenticationToken } from '../errors.ts';
import type { StsState } from '../state.ts';

/** "No permissions are required": a policy cannot deny it. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const getCallerIdentity: Operation<StsState, GetCallerIdentityRequest, GetCallerIdentityResponse> = {
  name: 'GetCallerIdentity',
  fields: {},
  authorize: () => [],
  run(_input, { principal }) {
    if (principal.kind === 'anonymous') throw missingAuthenticationToken();
    return { UserId: principal.id, Account: principal.account, Arn: principal.arn };
  },
};
