import type { Clock } from '../../host/index.ts';
import type { Database } from '../../store/index.ts';

/** What the operations of CloudWatch Logs work on. */
export interface LogsState {
  readonly database: Database;
  readonly clock: Clock;
}

/** Where log groups live. */
export interface Place {
  readonly account: string;
  readonly region: string;
}
