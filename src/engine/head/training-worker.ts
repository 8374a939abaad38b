/** Entry of the thread that `trainHeadInWorker` starts. */
import type { EpochRecord } from '../events.ts';
import type { TrainedHead } from './head.ts';
import { serveThread } from './thread.ts';
import type { TrainingJob } from './train-in-worker.ts';
import { trainPrepared } from './training.ts';

await serveThread<TrainingJob, EpochRecord, TrainedHead>(({ prepared, options }, { onProgress, signal }) =>
  trainPrepared(prepared, { ...options, onEpoch: onProgress, signal }),
);
