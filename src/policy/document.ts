import type { Condition } from './condition.ts';
import type { Variables } from './pattern.ts';
import type { PrincipalElement } from './principal.ts';

/** `identity`: of a user or role. `resource`: a bucket's. `trust`: who may assume a role. `session`: passed to AssumeRole. */
export type PolicyKind = 'identity' | 'resource' | 'trust' | 'session' | 'boundary';

export type PolicyVersion = '2012-10-17' | '2008-10-17';

/** A policy document that was accepted, ready to be evaluated. */
export interface PolicyDocument {
  readonly kind: PolicyKind;
  /** As received. */
  readonly source: string;
  /** 2008-10-17 where the document names none, as in AWS: such a policy has no variables. */
  readonly version: PolicyVersion;
  readonly id?: string | undefined;
  readonly statements: readonly Statement[];
}

export interface Statement {
  /** Place in the document, from 0. */
  readonly index: number;
  readonly sid?: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly action: ActionElement;
  /** Undefined in a trust policy: it is about its own role. */
  readonly resource?: ResourceElement | undefined;
  /** Undefined in the policy of an identity. */
  readonly principal?: PrincipalElement | undefined;
  readonly conditions: readonly Condition[];
}

export interface ActionElement {
  /** NotAction. */
  readonly negated: boolean;
  /** As written: `s3:Get*`. */
  readonly patterns: readonly string[];
  /** @param action in lower case. */
  applies(action: string): boolean;
}

export interface ResourceElement {
  /** NotResource. */
  readonly negated: boolean;
  /** As written. */
  readonly patterns: readonly string[];
  applies(resource: string, variables: Variables): boolean;
}
