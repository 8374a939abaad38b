/** Who asks, and with which rights: what authentication finds and authorisation uses. */

export type AuthorizationContext = Readonly<
  Record<string, string | number | boolean | Date | readonly string[] | undefined>
>;

export type Principal =
  | { readonly kind: 'root'; readonly account: string; readonly arn: string; readonly id: string }
  | {
      readonly kind: 'assumed-role';
      readonly account: string;
      /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
      readonly arn: string;
      /** `AROA…:SESSION`, aws:userid. */
      readonly id: string;
      readonly roleArn: string;
      readonly roleName: string;
      /** Documents passed to AssumeRole: rights are cut down to what they allow too. */
      readonly sessionPolicies: readonly string[];
      readonly issuedAt: Date;
    }
  /** Nobody signed. Only a resource policy can allow it anything. */
  | { readonly kind: 'anonymous' };

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
