/**
 * IAM policy documents: parse and evaluate. Pure: the time of a request and everything else about it is in its context.
 *
 * Faithful: the evaluation logic within one account and across accounts, policies of identities, resources and roles' trust, boundaries
 * and session policies; all elements, operators, set qualifiers and variables.
 * Missing: organisations (SCPs, RCPs), VPC endpoint policies, ACLs, groups (their policies count as identity policies).
 * Different: a `*` in the middle of an ARN's segment reaches over colons in Resource.
 */
export type { Condition } from './condition.ts';
export { denialMessage } from './denial-message.ts';
export type {
  ActionElement,
  PolicyDocument,
  PolicyKind,
  PolicyVersion,
  ResourceElement,
  Statement,
} from './document.ts';
export { evaluate } from './evaluate.ts';
export { globalContext, type RequestFacts, type Tags } from './global-context.ts';
export { MalformedPolicy } from './malformed.ts';
export { type ParseOptions, parsePolicy, policySize } from './parse.ts';
export type { PrincipalElement, PrincipalText, PrincipalType } from './principal.ts';
export type {
  AuthorizationRequest,
  ContextValue,
  Decision,
  NamedPolicy,
  PolicyPrincipal,
  PolicySet,
  RequestContext,
  SettlingStatement,
} from './request.ts';
