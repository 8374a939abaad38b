import { policySize } from '../../policy/index.ts';
import { limitExceeded, noSuchRolePolicy } from './errors.ts';
import type { Role } from './roles.ts';
import type { IamState } from './state.ts';

/** A policy that belongs to its role and is gone with it. */
export interface InlinePolicy {
  readonly name: string;
  /** JSON, as it was given. */
  readonly document: string;
}

/** Characters without white space of all inline policies of a role together. */
const inlineSize = 10_240;

export function inlinePolicies({ account, name }: Pick<Role, 'account' | 'name'>, { database }: IamState) {
  return database.all<InlinePolicy>(
    'SELECT name, document FROM role_policies WHERE account = ? AND role = ? ORDER BY name',
    ...[account, name],
  );
}

/** @throws AwsFault NoSuchEntity. */
export function requireInlinePolicy(name: string, role: Role, { database }: IamState): InlinePolicy {
  const policy = database.get<InlinePolicy>(
    'SELECT name, document FROM role_policies WHERE account = ? AND role = ? AND name = ?',
    ...[role.account, role.name, name],
  );
  if (policy === undefined) throw noSuchRolePolicy(name);
  return policy;
}

/** Takes the place of the one of that name. @throws AwsFault LimitExceeded. */
export function putInlinePolicy({ name, document }: InlinePolicy, role: Role, state: IamState): void {
  const others = inlinePolicies(role, state).filter((policy) => policy.name.toLowerCase() !== name.toLowerCase());
  const size = [...others, { document }].reduce((sum, policy) => sum + policySize(policy.document), 0);
  if (size > inlineSize)
    throw limitExceeded(`Maximum policy size of ${inlineSize} bytes exceeded for role ${role.name}`);
  state.database.run(
    `INSERT INTO role_policies (account, role, name, document) VALUES (?, ?, ?, ?)
     ON CONFLICT (account, role, name) DO UPDATE SET document = excluded.document`,
    ...[role.account, role.name, name, document],
  );
}

export function deleteInlinePolicy({ name }: InlinePolicy, role: Role, { database }: IamState): void {
  database.run(
    'DELETE FROM role_policies WHERE account = ? AND role = ? AND name = ?',
    ...[role.account, role.name, name],
  );
}
