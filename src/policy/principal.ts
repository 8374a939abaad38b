/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
import { parseArn } from '../arn/index.ts';
import type { PolicyPrincipal } from './request.ts';

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

/** Principals as written, by type. The bare `"*"` is `{ AWS: ['*'] }`. */
export type PrincipalText = Readonly<Partial<Record<PrincipalType, readonly string[]>>>;

/**
 * How a statement reaches the caller; what other policies may still take away depends on it. `account`: its account is named, which only
 * passes the decision on to that account. `role`: the role behind the session. `direct`: the caller itself, or everyone.
 */
export type Reach = 'account' | 'role' | 'direct';

export interface PrincipalElement {
  readonly negated: boolean;
  readonly principals: PrincipalText;
  /** @returns undefined when the statement is not about this caller. */
  reach(
    caller: PolicyPrincipal,
    facts: { readonly hasBoundary: boolean; readonly effect: 'Allow' | 'Deny' },
  ): Reach | undefined;
}

export function compilePrincipal(principals: PrincipalText, negated: boolean): PrincipalElement {
  const names = {
    AWS: new Set(principals.AWS?.map(withoutRoot)),
    Service: new Set(principals.Service),
    Federated: new Set(principals.Federated),
  };
  return {
    negated,
    principals,
    reach(caller, { hasBoundary, effect }) {
      if (!negated) return namedReach(caller, names);
      // "The NotPrincipal element with a Deny effect will always deny any IAM principal that has a permissions boundary policy
      // attached": https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
      if (effect === 'Deny' && hasBoundary) return 'direct';
      return isExempt(caller, names) ? undefined : 'direct';
    },
  };
}

type Names = Readonly<Record<'AWS' | 'Service' | 'Federated', ReadonlySet<string>>>;

/** `arn:aws:iam::ACCOUNT:root` and the account's id "behave the same way". */
function withoutRoot(name: string): string {
  const arn = parseArn(name);
  return arn?.service === 'iam' && arn.resource === 'root' ? arn.account : name;
}

function namedReach(caller: PolicyPrincipal, names: Names): Reach | undefined {
  if (names.AWS.has('*')) return 'direct';
  switch (caller.kind) {
    case 'anonymous':
      return undefined;
    case 'service':
      return names.Service.has(caller.service) ? 'direct' : undefined;
    case 'federated':
      return names.Federated.has(caller.provider) ? 'direct' : undefined;
    default: {
      const reaches: readonly Reach[] = ['direct', 'role', 'account'];
      return reaches.find((reach) => identities(caller)[reach].some((name) => names.AWS.has(name)));
    }
  }
}

type AccountPrincipal = Extract<PolicyPrincipal, { account: string }>;

/** Names of a caller. A unique id (`AROA…`, `AIDA…`) stands in a policy for a name whose owner was deleted. */
function identities(caller: AccountPrincipal): Readonly<Record<Reach, readonly string[]>> {
  const account = [caller.account];
  switch (caller.kind) {
    case 'root':
      return { direct: account, role: [], account };
    case 'user':
      return { direct: [caller.arn, caller.id], role: [], account };
    case 'assumed-role':
      return { direct: [caller.arn, caller.id], role: [caller.roleArn, caller.id.split(':')[0] ?? ''], account };
  }
}

/**
 * Whom NotPrincipal leaves out: the caller must be named at every level, "AWS might validate the account first, then the role, and then
 * the assumed-role user": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function isExempt(caller: PolicyPrincipal, names: Names): boolean {
  if (names.AWS.has('*')) return true;
  switch (caller.kind) {
    case 'anonymous':
      return false;
    case 'service':
      return names.Service.has(caller.service);
    case 'federated':
      return names.Federated.has(caller.provider);
    default:
      return Object.values(identities(caller)).every(
        (level) => level.length === 0 || level.some((name) => names.AWS.has(name)),
      );
  }
}
