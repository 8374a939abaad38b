/**
 * What is asked and what is answered. Nothing here reads a clock or a network: the time of the request is in its context.
 */
import type { PolicyDocument, PolicyKind } from './document.ts';

/** A value of a condition key. A list is a multivalued key (aws:TagKeys); undefined is as good as absent. */
export type ContextValue = string | number | boolean | Date | readonly string[] | undefined;

/** Condition keys (`aws:SourceIp`, `s3:prefix`) and their values in one request. Names are matched without case. */
export type RequestContext = Readonly<Record<string, ContextValue>>;

/** Who asks. */
export type PolicyPrincipal =
  /** `arn:aws:iam::ACCOUNT:root`. */
  | { readonly kind: 'root'; readonly account: string; readonly arn: string }
  | {
      readonly kind: 'assumed-role';
      readonly account: string;
      /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
      readonly arn: string;
      /** `AROA…:SESSION`, aws:userid. */
      readonly id: string;
      /** `arn:aws:iam::ACCOUNT:role/PATH/ROLE`. */
      readonly roleArn: string;
    }
  | {
      readonly kind: 'user';
      readonly account: string;
      /** `arn:aws:iam::ACCOUNT:user/PATH/NAME`. */
      readonly arn: string;
      /** `AIDA…`. */
      readonly id: string;
    }
  /** `lambda.amazonaws.com`, acting for itself: assuming a role, delivering to a bucket. */
  | { readonly kind: 'service'; readonly service: string }
  /** Signed by an identity provider: its ARN or domain. */
  | { readonly kind: 'federated'; readonly provider: string }
  /** Nobody signed. Only a resource policy can allow it anything. */
  | { readonly kind: 'anonymous' };

export interface AuthorizationRequest {
  /** `s3:GetObject`, in AWS's spelling: denials quote it. */
  readonly action: string;
  /** An ARN, or '*' where the action knows no resources. */
  readonly resource: string;
  readonly principal: PolicyPrincipal;
  /** The account that owns the resource, or in which the action is done. */
  readonly resourceAccount: string;
  readonly context: RequestContext;
}

export interface NamedPolicy {
  /** For decisions: `AmazonS3FullAccess`, or the ARN. */
  readonly name: string;
  readonly document: PolicyDocument;
}

/** All policies that concern a request. */
export interface PolicySet {
  /** Of the user, or of the role behind the session. Meaningless for root, services and anonymous callers. */
  readonly identity: readonly NamedPolicy[];
  /** Attached to the resource: a bucket's policy, or the trust policy of the role to be assumed. */
  readonly resource?: NamedPolicy | undefined;
  /** Permissions boundary of the user or role. */
  readonly boundary?: NamedPolicy | undefined;
  /** Passed when the role was assumed; together they limit the session. Undefined or empty: nothing was passed. */
  readonly session?: readonly NamedPolicy[] | undefined;
}

/** The statement that settled a request. */
export interface SettlingStatement {
  readonly policy: string;
  /** Place in the document, from 0. */
  readonly statement: number;
  readonly sid?: string | undefined;
}

export type Decision =
  | {
      readonly allowed: true;
      /** `root`: nothing denied it to the account's root user, who needs no policy. */
      readonly by: 'root' | 'identity' | 'resource' | 'trust';
      readonly statement?: SettlingStatement | undefined;
    }
  | {
      readonly allowed: false;
      readonly reason: 'explicit-deny' | 'implicit-deny';
      /** The kind of policy that denies, or that is silent where it had to allow. */
      readonly by: PolicyKind;
      readonly statement?: SettlingStatement | undefined;
    };
