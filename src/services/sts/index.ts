/** STS. What is faithful, missing and different is in `fidelity`; docs/services/sts.md is written from it and from the table. */
import type { ServedOperation } from '../../wire/index.ts';
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { getSessionToken } from './operations/get-session-token.ts';
import type { StsState } from './state.ts';

export { createSession, findSession } from './sessions.ts';
export type { AssumableRole, SessionState, StsState } from './state.ts';

export const operations = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
} satisfies Record<ServedOperation<'sts'>, AnyOperation<StsState>>;

export const title = 'STS';

export const fidelity: Fidelity = {
  faithful: [
    "AssumeRole evaluates the trust policy and the caller's own, with sts:ExternalId, sts:RoleSessionName and the tags of the role as conditions.",
    'Who may not assume a role does not learn whether it exists.',
    "Session policies, inline and managed, cut the session down; durations have AWS's limits, an hour where a role assumes a role.",
    'Temporary keys need their token and end in time; a restart of the server does not end them.',
  ],
  missing: [
    'AssumeRoleWithSAML, AssumeRoleWithWebIdentity, GetFederationToken, GetAccessKeyInfo, DecodeAuthorizationMessage.',
    'Session tags, source identity and MFA: refused when they are given.',
  ],
  different: [
    'The root user may assume roles, if they trust its account: AWS forbids it, but here it is the only user.',
    'PackedPolicySize is an estimate: how AWS packs policies is not published.',
    'A session of the root user may do what the root user may; AWS keeps it from IAM.',
    'A managed policy that was passed counts as it was when the role was assumed.',
  ],
};

export function createSts(state: StsState): Service<StsState> {
  return { operations, state, denied: accessDenied };
}
