/**
 * AWS's decision on one request:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
import { type ContextLookup, lookUpIn } from './context.ts';
import type { PolicyKind, Statement } from './document.ts';
import type { Reach } from './principal.ts';
import type { AuthorizationRequest, Decision, NamedPolicy, PolicySet, SettlingStatement } from './request.ts';

/** The request with what is worked out once for all statements. */
interface Asked extends Omit<AuthorizationRequest, 'context'> {
  readonly context: ContextLookup;
  readonly hasBoundary: boolean;
}

/** What all policies of one kind say together. */
interface Verdict {
  readonly kind: PolicyKind;
  readonly denied?: SettlingStatement;
  readonly allowed?: SettlingStatement;
  /** Of the strongest Allow. */
  readonly reach?: Reach;
}

export function evaluate(request: AuthorizationRequest, policies: PolicySet): Decision {
  const asked: Asked = {
    ...request,
    action: request.action.toLowerCase(),
    context: lookUpIn(request.context),
    hasBoundary: policies.boundary !== undefined,
  };
  const { identity, boundary, session = [], resource } = policies;
  const verdicts = {
    identity: judge('identity', identity, asked),
    boundary: judge('boundary', boundary ? [boundary] : [], asked),
    session: judge('session', session, asked),
    resource: judge(resource?.document.kind === 'trust' ? 'trust' : 'resource', resource ? [resource] : [], asked),
  };
  // "If the code finds even one explicit deny that applies, the code returns a final decision of Deny."
  for (const { kind, denied } of Object.values(verdicts)) {
    if (denied === undefined || (kind === 'resource' && isOwnersWayBack(request))) continue;
    return { allowed: false, reason: 'explicit-deny', by: kind, statement: denied };
  }
  return grant(request, verdicts, {
    boundary: boundary === undefined || verdicts.boundary.allowed !== undefined,
    session: session.length === 0 || verdicts.session.allowed !== undefined,
  });
}

type Verdicts = Readonly<Record<'identity' | 'boundary' | 'session' | 'resource', Verdict>>;

/** Whether the policies that only limit, and grant nothing, leave the request through. */
interface Limits {
  readonly boundary: boolean;
  readonly session: boolean;
}

/** Nothing denies. Is it allowed, too? */
function grant(request: AuthorizationRequest, { identity, resource }: Verdicts, limits: Limits): Decision {
  const { principal } = request;
  const byResource = { allowed: true, by: resource.kind as 'resource' | 'trust', statement: resource.allowed } as const;
  const silent = (by: PolicyKind): Decision => ({ allowed: false, reason: 'implicit-deny', by });
  if (!('account' in principal)) return resource.reach ? byResource : silent(resource.kind);

  const withinLimits = limits.boundary && limits.session;
  const sameAccount = principal.account === request.resourceAccount;
  // In one account the grant of a resource policy is enough, unless it only names the account. "Resource-based policies that grant
  // permissions to an IAM role ARN are limited by an implicit deny in a permissions boundary or session policy"; "permissions granted
  // directly to a session are not".
  if (sameAccount && resource.reach === 'direct') return byResource;
  if (sameAccount && resource.reach === 'role' && withinLimits) return byResource;
  // Trust policies "must explicitly allow access"; across accounts every resource policy must.
  const needsResource = !sameAccount || resource.kind === 'trust';
  if (principal.kind !== 'root') {
    if (resource.kind === 'trust' && resource.reach === undefined) return silent('trust');
    if (identity.allowed === undefined) return silent('identity');
    if (!limits.boundary) return silent('boundary');
    if (!limits.session) return silent('session');
  }
  if (needsResource && resource.reach === undefined) return silent(resource.kind);
  if (principal.kind === 'root') return { allowed: true, by: 'root' };
  return { allowed: true, by: 'identity', statement: identity.allowed };
}

/**
 * "The AWS account root principal in a bucket owner's AWS account can perform the GetBucketPolicy, PutBucketPolicy, and
 * DeleteBucketPolicy API actions, even if their bucket policy explicitly denies the root principal's access":
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
function isOwnersWayBack({ principal, resourceAccount, action }: AuthorizationRequest): boolean {
  const isOwner = principal.kind === 'root' && principal.account === resourceAccount;
  return isOwner && /^s3:(Get|Put|Delete)BucketPolicy$/i.test(action);
}

const strength: Readonly<Record<Reach, number>> = { account: 1, role: 2, direct: 3 };

function judge(kind: PolicyKind, policies: readonly NamedPolicy[], asked: Asked): Verdict {
  let allowed: SettlingStatement | undefined;
  let reach: Reach | undefined;
  for (const { name, document } of policies) {
    for (const statement of document.statements) {
      // Once allowed as strongly as can be, only denials matter.
      if (statement.effect === 'Allow' && reach === 'direct') continue;
      const reached = applies(statement, asked);
      if (reached === undefined) continue;
      const settling = { policy: name, statement: statement.index, sid: statement.sid };
      if (statement.effect === 'Deny') return { kind, denied: settling };
      if (reach === undefined || strength[reached] > strength[reach]) {
        allowed = settling;
        reach = reached;
      }
    }
  }
  return allowed && reach ? { kind, allowed, reach } : { kind };
}

/** @returns how a statement reaches the caller, or undefined when it says nothing of this request. */
function applies(statement: Statement, asked: Asked): Reach | undefined {
  if (!statement.action.applies(asked.action)) return undefined;
  if (statement.resource?.applies(asked.resource, asked.context.variables) === false) return undefined;
  // Policies of identities are about whom they are attached to.
  const reach = statement.principal
    ? statement.principal.reach(asked.principal, { hasBoundary: asked.hasBoundary, effect: statement.effect })
    : 'direct';
  if (reach === undefined) return undefined;
  return statement.conditions.every((condition) => condition.holds(asked.context)) ? reach : undefined;
}
