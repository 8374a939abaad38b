import type { RecurringTask } from '../../host/index.ts';
import type { S3State } from './state.ts';

const collectionSeconds = 600;
const completedDays = 1;

/**
 * What S3 does beside the requests: removes the blobs that deleted, replaced and broken-off objects have left, and forgets answers of
 * CompleteMultipartUpload that nobody will ask for again. Parts of uploads that were never completed or aborted stay, as in AWS.
 */
export function housekeeping({ store, clock }: Pick<S3State, 'store' | 'clock'>): RecurringTask {
  return {
    name: 'S3 housekeeping',
    seconds: collectionSeconds,
    async run() {
      const oldest = clock.now().getTime() - completedDays * 86_400_000;
      store.database.run('DELETE FROM completed_uploads WHERE completed < ?', oldest);
      await store.blobs.collect();
    },
  };
}
