/** Entry of the thread that `suspectLabels` starts. */
import { serveThread } from '../head/thread.ts';
import { rankByConfidence, type Suspicion } from './confident-learning.ts';
import { type AuditJob, type FoldProgress, outOfFoldProbabilities } from './out-of-fold.ts';

serveThread<AuditJob, FoldProgress, readonly Suspicion[]>(async (job, hooks) =>
  rankByConfidence(await outOfFoldProbabilities(job, hooks), job.labels, job.classes),
);
