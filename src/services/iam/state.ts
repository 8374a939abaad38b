import type { Clock } from '../../host/index.ts';
import type { Database } from '../../store/index.ts';

/** What IAM's operations work on. */
export interface IamState {
  readonly database: Database;
  readonly clock: Clock;
  /** For ids: AROA…, ANPA…. */
  readonly random: (bytes: number) => Buffer;
}
