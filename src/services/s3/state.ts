import type { Clock } from '../../host/index.ts';
import type { Store } from '../../store/index.ts';
import type { GroupCommit } from './group-commit.ts';

/** What S3 is made of. */
export interface S3Parts {
  readonly store: Store;
  readonly clock: Clock;
  /** Random bytes for version and upload ids. */
  readonly random: (bytes: number) => Buffer;
}

/** What S3's operations work on. */
export interface S3State extends S3Parts {
  /** For the writes that come by the thousand. */
  readonly commit: GroupCommit;
}
