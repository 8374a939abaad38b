import type { Clock } from '../../host/index.ts';
import type { Database } from '../../store/index.ts';

/** A role as AssumeRole needs it. */
export interface AssumableRole {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  /** `AROA…`. */
  readonly id: string;
  readonly trustPolicy: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly tags: readonly (readonly [key: string, value: string])[];
  /** JSON of a managed policy that the role's account has; undefined when there is none of that ARN. */
  readonly managedPolicy: (arn: string) => string | undefined;
}

/** What keeping sessions needs. */
export interface SessionState {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
}

export interface StsState extends SessionState {
  /** IAM's, wired by the server. */
  readonly findRole: (arn: string) => AssumableRole | undefined;
}
