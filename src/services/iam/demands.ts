/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
import type { Call, Demand } from '../operation.ts';
import type { AuthorizationContext } from '../principal.ts';
import { findPolicy } from './policies.ts';
import { findRole, roleArn } from './roles.ts';
import type { IamState } from './state.ts';
import { resourceTagContext } from './tags.ts';

export interface DemandFacts {
  readonly call: Call;
  readonly state: IamState;
  /** Condition keys beside those of the role's or policy's tags. */
  readonly context?: AuthorizationContext;
}

/** The right to do something to a role. One that is not there is taken for one at the path `/`. */
export function roleDemand(action: string, name: string, { call, state, context }: DemandFacts): Demand {
  const role = findRole(name, call.account, state);
  return {
    action,
    resource: role?.arn ?? roleArn(call.account, '/', name),
    context: { ...(role && resourceTagContext(role.tags)), ...context },
  };
}

/** The right to do something to a managed policy. */
export function policyDemand(action: string, arn: string, { call, state, context }: DemandFacts): Demand {
  const policy = findPolicy(arn, call.account, state);
  return { action, resource: arn, context: { ...(policy && resourceTagContext(policy.tags)), ...context } };
}
