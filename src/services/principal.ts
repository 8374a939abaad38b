/** Who asks, and with which rights: what authentication finds and authorisation uses. */

import type { PolicyPrincipal, RequestContext } from '../policy/index.ts';

export type AuthorizationContext = RequestContext;

type OfKind<Kind extends PolicyPrincipal['kind']> = Extract<PolicyPrincipal, { kind: Kind }>;

export type Principal =
  | (OfKind<'root'> & { readonly id: string })
  | (OfKind<'assumed-role'> & {
      readonly roleName: string;
      /** Documents passed to AssumeRole: rights are cut down to what they allow too. */
      readonly sessionPolicies: readonly string[];
      readonly issuedAt: Date;
    })
  /** Nobody signed. Only a resource policy can allow it anything. */
  | OfKind<'anonymous'>;

/** A service that acts for itself, as when it assumes a role. It signs no requests. */
export type ServicePrincipal = OfKind<'service'>;

/** A key pair that requests may be signed with. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials: a request must bring it along. */
  readonly sessionToken?: string;
  readonly expires?: Date;
  readonly principal: Exclude<Principal, { kind: 'anonymous' }>;
}

/** The policy of a resource, as its owner set it. */
export interface ResourcePolicy {
  readonly kind: 'resource' | 'trust';
  readonly document: string;
  /** Account that owns the resource. */
  readonly account: string;
}
