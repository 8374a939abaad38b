/** IAM. What is faithful, missing and different is in `fidelity`; docs/services/iam.md is written from it and from the table. */
import type { AnyOperation } from '../operation.ts';
import type { Fidelity, Service } from '../service.ts';
import { accessDenied } from './errors.ts';
import { createRole } from './operations/create-role.ts';
import { getRole } from './operations/get-role.ts';
import type { IamState } from './state.ts';

export { assumableRole, markRoleUsed, type NamedDocument, policiesOfRole } from './effective-rights.ts';

export const operations = {
  CreateRole: createRole,
  GetRole: getRole,
} satisfies Record<string, AnyOperation<IamState>>;

export const fidelity: Fidelity = { faithful: [], missing: [], different: [] };

export function createIam(state: IamState): Service<IamState> {
  return { operations, state, denied: accessDenied };
}
