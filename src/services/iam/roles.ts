import type { Call } from '../operation.ts';
import { noSuchRole, unmodifiableRole } from './errors.ts';
import { isServiceLinked } from './service-linked.ts';
import type { IamState } from './state.ts';
import type { Tags } from './tags.ts';

export interface Role {
  readonly account: string;
  readonly name: string;
  /** `AROA…`. */
  readonly id: string;
  /** `/` or `/team/`. */
  readonly path: string;
  readonly arn: string;
  readonly trustPolicy: string;
  readonly description: string | null;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly created: Date;
  readonly lastUsed: Date | undefined;
  readonly lastUsedRegion: string | null;
  readonly tags: Tags;
}

interface RoleRow {
  readonly account: string;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly trust_policy: string;
  readonly description: string | null;
  readonly max_session_duration: number;
  readonly created: number;
  readonly last_used: number | null;
  readonly last_used_region: string | null;
  readonly tags: string;
}

function readRow(row: RoleRow): Role {
  const { trust_policy, max_session_duration, last_used, last_used_region, ...rest } = row;
  return {
    ...rest,
    trustPolicy: trust_policy,
    maxSessionDuration: max_session_duration,
    created: new Date(row.created),
    lastUsed: last_used === null ? undefined : new Date(last_used),
    lastUsedRegion: last_used_region,
    tags: JSON.parse(row.tags) as Tags,
  };
}

export function findRole(name: string, account: string, { database }: IamState): Role | undefined {
  const row = database.get<RoleRow>('SELECT * FROM roles WHERE account = ? AND name = ?', account, name);
  return row && readRow(row);
}

/** ARNs are compared with case. */
export function findRoleByArn(arn: string, { database }: IamState): Role | undefined {
  const row = database.get<RoleRow>('SELECT * FROM roles WHERE arn = ?', arn);
  return row && readRow(row);
}

/** @throws AwsFault NoSuchEntity. */
export function requireRole(name: string, { account }: Call, state: IamState): Role {
  const role = findRole(name, account, state);
  if (role === undefined) throw noSuchRole(name);
  return role;
}

/** A role to be changed. @throws AwsFault NoSuchEntity, UnmodifiableEntity for roles that belong to AWS's services. */
export function requireOwnRole(name: string, call: Call, state: IamState): Role {
  const role = requireRole(name, call, state);
  if (isServiceLinked(role)) throw unmodifiableRole(role.name);
  return role;
}

export function listRoles(account: string, { database }: IamState): Role[] {
  return database.all<RoleRow>('SELECT * FROM roles WHERE account = ?', account).map(readRow);
}

export function countRoles(account: string, { database }: IamState): number {
  return database.get<{ count: number }>('SELECT count(*) AS count FROM roles WHERE account = ?', account)?.count ?? 0;
}

export function insertRole(role: Role, { database }: IamState): void {
  database.run(
    `INSERT INTO roles (account, name, id, path, arn, trust_policy, description, max_session_duration, created, tags)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[role.account, role.name, role.id, role.path, role.arn, role.trustPolicy, role.description],
    ...[role.maxSessionDuration, role.created.getTime(), JSON.stringify(role.tags)],
  );
}

/** @returns the role as it now is. */
export function changeRole(role: Role, changes: Partial<Changeable>, { database }: IamState): Role {
  const changed = { ...role, ...changes };
  database.run(
    `UPDATE roles SET trust_policy = ?, description = ?, max_session_duration = ?, tags = ? WHERE account = ? AND name = ?`,
    ...[changed.trustPolicy, changed.description, changed.maxSessionDuration, JSON.stringify(changed.tags)],
    ...[role.account, role.name],
  );
  return changed;
}

type Changeable = Pick<Role, 'trustPolicy' | 'description' | 'maxSessionDuration' | 'tags'>;

/** A role that has no policies any more. */
export function deleteRole({ account, name }: Role, { database }: IamState): void {
  database.run('DELETE FROM roles WHERE account = ? AND name = ?', account, name);
}

export function roleArn(account: string, path: string, name: string): string {
  return `arn:aws:iam::${account}:role${path}${name}`;
}
