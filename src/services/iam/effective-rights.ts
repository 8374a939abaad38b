/** What the rest of the server asks IAM: the rights of a role, whom a role trusts, and that a role was used. */
import type { AssumableRole } from '../sts/index.ts';
import { attachedTo } from './attachments.ts';
import { inlinePolicies } from './inline-policies.ts';
import { documentOf, findPolicy } from './policies.ts';
import { findRoleByArn } from './roles.ts';
import type { IamState } from './state.ts';
import { wholeSecond } from './time.ts';

export interface NamedDocument {
  /** Of an inline policy its name, of a managed one its ARN. */
  readonly name: string;
  readonly document: string;
}

/** The policies of a role, inline and attached, as they are now. A role that is gone has none. */
export function policiesOfRole(roleArn: string, state: IamState): readonly NamedDocument[] {
  const role = findRoleByArn(roleArn, state);
  if (role === undefined) return [];
  const managed = attachedTo(role, state).flatMap((name) => {
    const document = documentOf(name, state);
    return document === undefined ? [] : [{ name, document }];
  });
  return [...inlinePolicies(role, state), ...managed];
}

/** Whether the role that a session is of is still there. One of the same name that was made since is another. */
export function isCurrentRole({ roleArn, id }: { roleArn: string; id: string }, state: IamState): boolean {
  return findRoleByArn(roleArn, state)?.id === id.split(':')[0];
}

/** What STS needs to know of a role. */
export function assumableRole(roleArn: string, state: IamState): AssumableRole | undefined {
  const role = findRoleByArn(roleArn, state);
  if (role === undefined) return undefined;
  const { name, arn, id, account, trustPolicy, maxSessionDuration, tags } = role;
  return {
    ...{ name, arn, id, account, trustPolicy, maxSessionDuration, tags },
    managedPolicy: (policy) => (findPolicy(policy, account, state) ? documentOf(policy, state) : undefined),
  };
}

const usedEveryMilliseconds = 5 * 60_000;

/**
 * RoleLastUsed, for whoever sees a request of a session of the role. Written at most once in five minutes, as each write waits for
 * the disk.
 */
export function markRoleUsed(
  roleArn: string,
  { at, region }: { at: Date; region: string },
  { database }: IamState,
): void {
  const used = database.get<{ last_used: number | null; last_used_region: string | null }>(
    'SELECT last_used, last_used_region FROM roles WHERE arn = ?',
    roleArn,
  );
  if (used === undefined) return;
  const isRecent = used.last_used !== null && at.getTime() - used.last_used < usedEveryMilliseconds;
  if (isRecent && used.last_used_region === region) return;
  database.run(
    'UPDATE roles SET last_used = ?, last_used_region = ? WHERE arn = ?',
    wholeSecond(at).getTime(),
    region,
    roleArn,
  );
}
