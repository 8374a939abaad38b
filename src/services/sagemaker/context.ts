import type { SageMakerState } from './state.ts';
import type { TrainingJobs } from './training/jobs.ts';
import type { TransformJobs } from './transform/jobs.ts';
import type { TuningJobs } from './tuning/jobs.ts';

/** What SageMaker's operations work on: what the server hands over, and the jobs at work. */
export interface SageMakerContext extends SageMakerState {
  readonly training: TrainingJobs;
  readonly tuning: TuningJobs;
  readonly transforms: TransformJobs;
}
