import type { PolicyKind } from './document.ts';
import type { AuthorizationRequest, Decision, PolicyPrincipal } from './request.ts';

/**
 * @returns AWS's wording, of a trust policy without the role: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialMessage(
  { principal, action, resource }: Pick<AuthorizationRequest, 'principal' | 'action' | 'resource'>,
  decision: Extract<Decision, { allowed: false }>,
): string {
  const head = `User: ${nameOf(principal)} is not authorized to perform: ${action}`;
  return `${head}${decision.by === 'trust' ? '' : onResource(action, resource)} ${because(action, decision)}`;
}

function nameOf(principal: PolicyPrincipal): string {
  switch (principal.kind) {
    case 'anonymous':
      return 'anonymous';
    case 'service':
      return principal.service;
    case 'federated':
      return principal.provider;
    default:
      return principal.arn;
  }
}

/** Actions that know no resources name none. S3 alone puts the ARN in quotes. */
function onResource(action: string, resource: string): string {
  if (resource === '*') return '';
  return ` on resource: ${/^s3:/i.test(action) ? `"${resource}"` : resource}`;
}

const policies: Readonly<Record<PolicyKind, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  trust: 'role trust policy',
};

function because(action: string, { by, reason }: Extract<Decision, { allowed: false }>): string {
  if (reason === 'implicit-deny') return `because no ${policies[by]} allows the ${action} action`;
  const article = by === 'trust' ? 'the' : by === 'identity' ? 'an' : 'a';
  return `with an explicit deny in ${article} ${policies[by]}`;
}
