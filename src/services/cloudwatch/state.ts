import type { Clock } from '../../host/index.ts';
import type { Database } from '../../store/index.ts';

/** What CloudWatch's operations work on. */
export interface CloudWatchState {
  readonly database: Database;
  readonly clock: Clock;
}

/** Where metrics live. */
export interface Place {
  readonly account: string;
  readonly region: string;
}
