/**
 * What every service is made of: operations, one file each, in a table. The server authenticates, parses and validates before an
 * operation sees its input, and serialises what it returns.
 */
import type { AuthorizationContext, Principal, ResourcePolicy } from './principal.ts';

/**
 * What becomes of a member that AWS models. `real`: does what AWS does. `stored`: returned as set, without effect. `refused`: a clear
 * error when given. A list: real for these values, refused for others. The coverage pages are written from it.
 */
export type Support = 'real' | 'stored' | 'refused' | readonly (string | number | boolean)[];

/** One statement for each member of the input: a member that AWS adds does not compile until somebody says what becomes of it. */
export type Fields<Input> = { readonly [Member in keyof Required<Input>]: Support };

/** The SDK types even required members as possibly undefined. Validation comes first, so here they are there. */
export type Validated<Input> = {
  readonly [Member in keyof Input]: Record<never, never> extends Pick<Input, Member>
    ? Input[Member]
    : NonNullable<Input[Member]>;
};

/** One thing that the caller must be allowed to do. */
export interface Demand {
  /** `s3:GetObject`, in AWS's spelling: denials quote it. */
  readonly action: string;
  /** An ARN, or '*' where the action knows no resources. */
  readonly resource: string;
  /** Condition keys of this request beyond the global ones: `s3:prefix`. */
  readonly context?: AuthorizationContext;
  /** The policy attached to the resource itself: of a bucket, or the trust policy of a role. */
  readonly policy?: ResourcePolicy;
}

/** What an operation may know of the request beside its input. */
export interface Call {
  readonly requestId: string;
  /** Wall time. */
  readonly now: Date;
  readonly account: string;
  readonly region: string;
  readonly principal: Principal;
  /** Signed with the key of a session. The root user has such too, by GetSessionToken. */
  readonly temporary: boolean;
  /** `http://127.0.0.1:4566`: for answers that contain addresses. */
  readonly url: string;
  /** Header values by lower-case name, for the few that no model names. */
  readonly headers: ReadonlyMap<string, string>;
  /** Whether the caller has a right that decides not whether, but what is answered: S3 tells who may list that a key is missing. */
  readonly allows: (demand: Demand) => boolean;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** `State` is what the service's operations work on: tables, clocks, interfaces to others. */
export interface Operation<State, Input, Output> {
  /** As AWS names it. */
  readonly name: string;
  readonly fields: Fields<Input>;
  /** Of members within members, by path, those that are not what their parent is. The operation sees to it; pages are written from it. */
  readonly nestedFields?: Readonly<Record<string, Support>>;
  /** What the caller must be allowed to do. Nothing: allowed to whoever is known (GetCallerIdentity). */
  authorize(input: Validated<Input>, call: Call, state: State): readonly Demand[];
  run(input: Validated<Input>, call: Call, state: State): Output | Promise<Output>;
  /** HTTP status where it depends on the answer: 206 for a range. */
  status?(output: Output): number | undefined;
}

/** An operation in a table, where only the server's pipeline, which has parsed the input by the model, calls it. */
export interface AnyOperation<State> {
  readonly name: string;
  readonly fields: Readonly<Record<string, Support>>;
  readonly nestedFields?: Readonly<Record<string, Support>>;
  authorize(input: never, call: Call, state: State): readonly Demand[];
  run(input: never, call: Call, state: State): unknown;
  status?(output: never): number | undefined;
}
