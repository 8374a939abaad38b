/** STS. What is faithful, missing and different is in `fidelity`; docs/services/sts.md is written from it and from the table. */
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import { assumeRole } from './operations/assume-role.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import { getSessionToken } from './operations/get-session-token.ts';
import type { StsState } from './state.ts';

export { findSession } from './sessions.ts';
export type { AssumableRole, SessionState, StsState } from './state.ts';

export const operations = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
  GetSessionToken: getSessionToken,
} satisfies Record<string, AnyOperation<StsState>>;

export const title = 'STS';

export const fidelity: Fidelity = { faithful: [], missing: [], different: [] };

export function createSts(state: StsState): Service<StsState> {
  return { operations, state, denied: accessDenied };
}
