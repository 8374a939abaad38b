import type { RecurringTask } from '../../host/index.ts';
import type { S3State } from './state.ts';

const completedMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Forgets answers of CompleteMultipartUpload that nobody will ask for again. Blobs that nothing refers to any more are collected by the
 * server; parts of uploads that were neither completed nor aborted stay, as in AWS.
 */
export function s3Upkeep({
  database,
  clock,
}: Pick<S3State, 'clock'> & Pick<S3State['store'], 'database'>): RecurringTask {
  return {
    name: 'upkeep of objects',
    seconds: 3600,
    run() {
      const oldest = clock.now().getTime() - completedMilliseconds;
      database.run('DELETE FROM completed_uploads WHERE completed < ?', oldest);
    },
  };
}
