import type { Role } from './roles.ts';
import type { IamState } from './state.ts';

export interface Attachment {
  /** ARN. */
  readonly policy: string;
  readonly role: string;
}

/** ARNs of the managed policies that a role has. */
export function attachedTo({ account, name }: Pick<Role, 'account' | 'name'>, { database }: IamState): string[] {
  return database
    .all<{ policy: string }>('SELECT policy FROM attachments WHERE account = ? AND role = ?', account, name)
    .map(({ policy }) => policy);
}

export function isAttached(policy: string, { account, name }: Role, { database }: IamState): boolean {
  const sql = 'SELECT 1 FROM attachments WHERE account = ? AND role = ? AND policy = ?';
  return database.get(sql, account, name, policy) !== undefined;
}

/** Attaching again what is attached changes nothing. */
export function attach(policy: string, { account, name }: Role, { database, clock }: IamState): void {
  database.run(
    'INSERT OR IGNORE INTO attachments (account, role, policy, attached) VALUES (?, ?, ?, ?)',
    ...[account, name, policy, clock.now().getTime()],
  );
}

/** @returns false when it was not attached. */
export function detach(policy: string, { account, name }: Role, { database }: IamState): boolean {
  const sql = 'DELETE FROM attachments WHERE account = ? AND role = ? AND policy = ?';
  return database.run(sql, account, name, policy).changes > 0;
}

/** Names of the roles of an account that have a policy. */
export function rolesWith(policy: string, account: string, { database }: IamState): string[] {
  return database
    .all<{ role: string }>('SELECT role FROM attachments WHERE policy = ? AND account = ?', policy, account)
    .map(({ role }) => role);
}

/** How many roles of the account have each policy, by its ARN. Policies that none has are not in it. */
export function attachmentCounts(account: string, { database }: IamState): ReadonlyMap<string, number> {
  const rows = database.all<{ policy: string; count: number }>(
    'SELECT policy, count(*) AS count FROM attachments WHERE account = ? GROUP BY policy',
    account,
  );
  return new Map(rows.map(({ policy, count }) => [policy, count]));
}
