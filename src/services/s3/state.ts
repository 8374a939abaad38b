import type { Clock } from '../../host/index.ts';
import type { Store } from '../../store/index.ts';

/** What S3's operations work on. */
export interface S3State {
  readonly store: Store;
  readonly clock: Clock;
  /** Random bytes for version and upload ids. */
  readonly random: (bytes: number) => Buffer;
}
