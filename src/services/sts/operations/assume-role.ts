import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { parseArn } from '../../../arn/index.ts';
import type { Call, Demand, Operation, Validated } from '../../operation.ts';
import { missingAuthenticationToken, notAuthorized, validationError } from '../errors.ts';
import { readSessionPolicies } from '../session-policies.ts';
import { createSession } from '../sessions.ts';
import type { AssumableRole, StsState } from '../state.ts';

type Input = Validated<AssumeRoleRequest>;

const hour = 3600;

export const assumeRole: Operation<StsState, AssumeRoleRequest, AssumeRoleResponse> = {
  name: 'AssumeRole',
  fields: {
    RoleArn: 'real',
    RoleSessionName: 'real',
    PolicyArns: 'real',
    Policy: 'real',
    DurationSeconds: 'real',
    Tags: 'refused',
    TransitiveTagKeys: 'refused',
    ExternalId: 'real',
    SerialNumber: 'refused',
    TokenCode: 'refused',
    SourceIdentity: 'refused',
    ProvidedContexts: 'refused',
    MinimumSessionTokenSize: 'refused',
  },
  /** Asked in `run`: AWS's refusal has words of its own, which are the same for a role that does not exist. */
  authorize: () => [],
  run(input, call, state) {
    if (parseArn(input.RoleArn) === undefined) throw validationError(`${input.RoleArn} is invalid`);
    const role = authorizedRole(input, call, state);
    const { policies, packedSize } = readSessionPolicies(input, role);
    const arn = `arn:aws:sts::${role.account}:assumed-role/${role.name}/${input.RoleSessionName}`;
    const id = `${role.id}:${input.RoleSessionName}`;
    const credentials = createSession(
      {
        ...{ kind: 'assumed-role', account: role.account, arn, id, roleArn: role.arn, roleName: role.name },
        sessionPolicies: policies,
        issuedAt: call.now,
      },
      { seconds: sessionSeconds(input, { role, call }), now: call.now },
      state,
    );
    return {
      Credentials: credentials,
      AssumedRoleUser: { AssumedRoleId: id, Arn: arn },
      ...(packedSize !== undefined && { PackedPolicySize: packedSize }),
    };
  },
};

/** @throws AwsFault AccessDenied, also when there is no such role: who may not assume it does not learn whether it exists. */
function authorizedRole(input: Input, call: Call, state: StsState): AssumableRole {
  if (call.principal.kind === 'anonymous') throw missingAuthenticationToken();
  const role = state.findRole(input.RoleArn);
  const isAllowed = call.allows(assumption(input, call, role));
  if (role === undefined || !isAllowed) throw notAuthorized(call.principal.arn, input.RoleArn);
  return role;
}

/** Both sides have to agree: the caller's policies, unless it is named itself, and the role's trust policy. */
function assumption(input: Input, call: Call, role: AssumableRole | undefined): Demand {
  const tags = role?.tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value] as const) ?? [];
  return {
    action: 'sts:AssumeRole',
    resource: input.RoleArn,
    context: {
      'sts:ExternalId': input.ExternalId,
      'sts:RoleSessionName': input.RoleSessionName,
      ...Object.fromEntries(tags),
    },
    policy: { kind: 'trust', document: role?.trustPolicy ?? trustsNobody, account: role?.account ?? call.account },
  };
}

/** A role that is not there is one that trusts nobody. */
const trustsNobody = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
});

/** @throws AwsFault ValidationError. */
function sessionSeconds(
  { DurationSeconds = hour }: Input,
  { role, call }: { role: AssumableRole; call: Call },
): number {
  if (call.principal.kind === 'assumed-role' && DurationSeconds > hour) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (DurationSeconds > role.maxSessionDuration) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return DurationSeconds;
}
