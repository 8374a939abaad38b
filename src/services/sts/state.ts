import type { Clock } from '../../host/index.ts';
import type { Database } from '../../store/index.ts';

/** A role as AssumeRole needs it. */
export interface AssumableRole {
  readonly name: string;
  readonly arn: string;
  /** `AROA…`. */
  readonly id: string;
  readonly trustPolicy: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
}

export interface StsState {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  /** IAM's, wired by the server. */
  readonly findRole: (arn: string) => AssumableRole | undefined;
}
