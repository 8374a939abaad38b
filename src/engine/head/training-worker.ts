/** Entry of the threads that a HeadTrainer has. */
import type { TrainedHead } from './head.ts';
import { serveThread } from './thread.ts';
import type { TrainingJob } from './train-in-worker.ts';
import { trainPrepared } from './training.ts';
import type { TrainingProgress } from './training-progress.ts';

serveThread<TrainingJob, TrainingProgress, TrainedHead>(({ prepared, options }, hooks) =>
  trainPrepared(prepared, options, hooks),
);
