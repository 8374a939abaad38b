import {
  type AuthorizationRequest,
  type Decision,
  denialMessage,
  evaluate,
  globalContext,
  type NamedPolicy,
  type PolicyDocument,
  type PolicyKind,
  parsePolicy,
  type RequestContext,
} from '../policy/index.ts';
import type { Demand } from '../services/operation.ts';
import type { AuthorizationContext, Principal, ResourcePolicy, ServicePrincipal } from '../services/principal.ts';

/** A policy as whoever keeps it has it. */
export interface NamedDocument {
  readonly name: string;
  readonly document: string;
}

/** Policies of a role that makes a request: inline ones, and those attached. */
export type PoliciesOfRole = (
  roleArn: string,
  facts: RequestFacts,
) => Promise<readonly NamedDocument[]> | readonly NamedDocument[];

/** What happened to one demand: the ground for reviewing rights later. */
export interface DecisionRecord {
  /** ARN, of the role where a service works under it; `anonymous`, or the name of a service: `sagemaker.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  readonly at: Date;
}

/** Of the request, for conditions. */
export interface RequestFacts {
  /** Undefined where a service of this server asks. */
  readonly sourceIp: string | undefined;
  readonly secure: boolean;
  readonly userAgent: string | undefined;
  readonly referer: string | undefined;
  readonly region: string;
  readonly now: Date;
  /** Condition keys of the service that hold for all of its requests. */
  readonly ofService?: AuthorizationContext;
}

/** What one caller may do, in one request. */
export interface Rights {
  allows(demand: Demand): boolean;
  /** @returns AWS's wording for the first demand that is denied; undefined when all are allowed. */
  denial(demands: readonly Demand[]): string | undefined;
}

export interface Authorizer {
  rightsOf(principal: Principal | ServicePrincipal, facts: RequestFacts): Promise<Rights>;
}

export interface AuthorizerParts {
  readonly policiesOf: PoliciesOfRole;
  readonly record: (decision: DecisionRecord) => void;
  /** The account that everything here belongs to. */
  readonly account: string;
}

/** Evaluates every call as IAM does. Documents are compiled once and kept by their text. */
export function createAuthorizer({ policiesOf, record, account }: AuthorizerParts): Authorizer {
  const compiled = compiledPolicies();
  return {
    async rightsOf(principal, facts) {
      const identity = principal.kind === 'assumed-role' ? await policiesOf(principal.roleArn, facts) : [];
      const sessions = principal.kind === 'assumed-role' ? principal.sessionPolicies : [];
      const policies = {
        identity: identity.map(({ name, document }) => ({ name, document: compiled(document, 'identity') })),
        session: sessions.map((document, index) => ({
          name: `session-${index}`,
          document: compiled(document, 'session'),
        })),
      };
      const context = { ...contextOf(principal, facts, account), ...facts.ofService };
      const recorded = recordedName(principal, facts);
      const decide = (demand: Demand): { request: AuthorizationRequest; decision: Decision } => {
        const request = {
          action: demand.action,
          resource: demand.resource,
          principal,
          resourceAccount: demand.policy?.account ?? account,
          context: { ...context, ...demand.context },
        };
        const resource = demand.policy && named(demand.policy, compiled);
        const decision = evaluate(request, { ...policies, resource });
        const { action, resource: arn } = demand;
        record({ principal: recorded, action, resource: arn, allowed: decision.allowed, at: facts.now });
        return { request, decision };
      };
      // Who has not said who it is is told no reasons.
      const isAnonymous = principal.kind === 'anonymous';
      return {
        allows: (demand) => decide(demand).decision.allowed,
        denial(demands) {
          for (const demand of demands) {
            const { request, decision } = decide(demand);
            if (!decision.allowed) return isAnonymous ? 'Access Denied' : denialMessage(request, decision);
          }
          return undefined;
        },
      };
    },
  };
}

function named(policy: ResourcePolicy, compiled: Compile): NamedPolicy {
  return { name: policy.kind, document: compiled(policy.document, policy.kind) };
}

type Compile = (text: string, kind: PolicyKind) => PolicyDocument;

const keptPolicies = 1000;

/**
 * The oldest goes when there are too many: documents are small, and the same few are asked for again and again. The text alone is the
 * key: one of AWS's managed policies is the same string each time, whose hash is known, while a longer key made of it would be hashed anew.
 */
function compiledPolicies(): Compile {
  const byKind = new Map<PolicyKind, Map<string, PolicyDocument>>();
  return (text, kind) => {
    const known = byKind.get(kind) ?? new Map<string, PolicyDocument>();
    byKind.set(kind, known);
    const found = known.get(text) ?? parsePolicy(text, kind);
    known.delete(text);
    known.set(text, found);
    if (known.size > keptPolicies) known.delete(known.keys().next().value as string);
    return found;
  };
}

/** Global condition keys. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
function contextOf(principal: Principal | ServicePrincipal, facts: RequestFacts, account: string): RequestContext {
  const tokenIssued = principal.kind === 'assumed-role' ? principal.issuedAt : undefined;
  return globalContext({ ...facts, principal, resourceAccount: account, tokenIssued });
}

/**
 * Each job of a service has a session of its own, and may read thousands of objects: what services do under a role is counted as the role's.
 */
function recordedName(principal: Principal | ServicePrincipal, { sourceIp }: RequestFacts): string {
  if (principal.kind === 'service') return principal.service;
  if (principal.kind === 'assumed-role' && sourceIp === undefined) return principal.roleArn;
  return principal.kind === 'anonymous' ? 'anonymous' : principal.arn;
}
