import { parseArn } from '../../arn/index.ts';
import type { Call } from '../operation.ts';
import { awsManagedPolicies } from './aws-managed.ts';
import { accessDenied, noSuchPolicy } from './errors.ts';
import type { IamState } from './state.ts';
import type { Tags } from './tags.ts';

/** A managed policy: the account's own, or one that AWS manages. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  /** `ANPA…`. */
  readonly id: string;
  readonly path: string;
  readonly description: string | null;
  readonly created: Date;
  readonly updated: Date;
  /** `v1`. */
  readonly defaultVersion: string;
  readonly tags: Tags;
  readonly managedBy: 'account' | 'aws';
}

export interface PolicyVersion {
  readonly version: string;
  /** JSON, as it was given. */
  readonly document: string;
  readonly created: Date;
}

interface PolicyRow {
  readonly arn: string;
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly description: string | null;
  readonly created: number;
  readonly updated: number;
  readonly default_version: string;
  readonly tags: string;
}

const columns = 'arn, name, id, path, description, created, updated, default_version, tags';

function readRow({ default_version, created, updated, tags, ...rest }: PolicyRow): ManagedPolicy {
  return {
    ...rest,
    created: new Date(created),
    updated: new Date(updated),
    defaultVersion: default_version,
    tags: JSON.parse(tags) as Tags,
    managedBy: 'account',
  };
}

/** @returns undefined also for a policy of another account: an account attaches its own and AWS's. */
export function findPolicy(arn: string, account: string, { database }: IamState): ManagedPolicy | undefined {
  if (parseArn(arn)?.account === 'aws') return awsPolicies().find((policy) => policy.arn === arn);
  const row = database.get<PolicyRow>(`SELECT ${columns} FROM policies WHERE arn = ? AND account = ?`, arn, account);
  return row && readRow(row);
}

/** @throws AwsFault NoSuchEntity. */
export function requirePolicy(arn: string, { account }: Call, state: IamState): ManagedPolicy {
  const policy = findPolicy(arn, account, state);
  if (policy === undefined) throw noSuchPolicy(arn);
  return policy;
}

/** A policy to be changed. @throws AwsFault NoSuchEntity, AccessDenied for those that AWS manages. */
export function requireOwnPolicy(arn: string, call: Call, state: IamState): ManagedPolicy {
  const policy = requirePolicy(arn, call, state);
  if (policy.managedBy === 'aws') throw accessDenied('Policy is outside your own account.');
  return policy;
}

export function findPolicyByName(name: string, account: string, { database }: IamState): ManagedPolicy | undefined {
  const row = database.get<PolicyRow>(`SELECT ${columns} FROM policies WHERE account = ? AND name = ?`, account, name);
  return row && readRow(row);
}

/** The account's own. */
export function accountPolicies(account: string, { database }: IamState): ManagedPolicy[] {
  return database.all<PolicyRow>(`SELECT ${columns} FROM policies WHERE account = ?`, account).map(readRow);
}

export function countPolicies(account: string, { database }: IamState): number {
  return (
    database.get<{ count: number }>('SELECT count(*) AS count FROM policies WHERE account = ?', account)?.count ?? 0
  );
}

export function awsPolicies(): ManagedPolicy[] {
  return [...awsManagedPolicies().values()].map(({ version, document: _document, ...rest }) => ({
    ...rest,
    defaultVersion: version,
    tags: [],
    managedBy: 'aws',
  }));
}

/** Newest first. Of AWS's policies the default version is all there is. */
export function versionsOf(policy: ManagedPolicy, { database }: IamState): PolicyVersion[] {
  const ofAws = awsManagedPolicies().get(policy.arn);
  if (ofAws) return [{ version: ofAws.version, document: ofAws.document, created: ofAws.updated }];
  return database
    .all<{ version: string; document: string; created: number }>(
      'SELECT version, document, created FROM policy_versions WHERE policy = ?',
      policy.arn,
    )
    .map(({ created, ...rest }) => ({ ...rest, created: new Date(created) }))
    .sort((a, b) => Number(b.version.slice(1)) - Number(a.version.slice(1)));
}

/** JSON of the version in force. */
export function documentOf(arn: string, { database }: IamState): string | undefined {
  const ofAws = awsManagedPolicies().get(arn);
  if (ofAws) return ofAws.document;
  return database.get<{ document: string }>(
    `SELECT document FROM policy_versions JOIN policies ON policies.arn = policy AND default_version = version
     WHERE policies.arn = ?`,
    arn,
  )?.document;
}

export function insertPolicy(
  policy: ManagedPolicy,
  { account, document }: { account: string; document: string },
  { database }: IamState,
): void {
  const { arn, name, id, path, description, created, updated, defaultVersion, tags } = policy;
  database.transaction(() => {
    database.run(
      `INSERT INTO policies (account, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[account, arn, name, id, path, description, created.getTime(), updated.getTime()],
      ...[defaultVersion, JSON.stringify(tags)],
    );
    database.run(
      'INSERT INTO policy_versions (policy, version, document, created) VALUES (?, ?, ?, ?)',
      ...[arn, defaultVersion, document, created.getTime()],
    );
  });
}

/** With its versions. */
export function deletePolicy({ arn }: ManagedPolicy, { database }: IamState): void {
  database.transaction(() => {
    database.run('DELETE FROM policy_versions WHERE policy = ?', arn);
    database.run('DELETE FROM policies WHERE arn = ?', arn);
  });
}

export function policyArn(account: string, path: string, name: string): string {
  return `arn:aws:iam::${account}:policy${path}${name}`;
}
