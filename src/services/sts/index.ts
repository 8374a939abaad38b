/** STS. What is faithful, missing and different is in `fidelity`; docs/services/sts.md is written from it and from the table. */
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import { getCallerIdentity } from './operations/get-caller-identity.ts';
import type { StsState } from './state.ts';

export { findSession } from './sessions.ts';
export type { AssumableRole, SessionState, StsState } from './state.ts';

export const operations = {
  GetCallerIdentity: getCallerIdentity,
} satisfies Record<string, AnyOperation<StsState>>;

export const title = 'STS';

export const fidelity: Fidelity = { faithful: [], missing: [], different: [] };

export function createSts(state: StsState): Service<StsState> {
  return { operations, state, denied: accessDenied };
}
