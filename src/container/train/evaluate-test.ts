import { join } from 'node:path';
import { type EvaluateOptions, type Evaluation, evaluateModel } from '../../engine/index.ts';
import type { Job } from './container-training.ts';
import type { TrainingRequest } from './request.ts';

interface TestRun {
  readonly path: string;
  readonly work: Omit<EvaluateOptions, 'split' | 'allowLeakage' | 'ledgerDirectory' | 'now'>;
  readonly request: TrainingRequest;
  readonly job: Job;
}

/**
 * Opens the test split once, as `evaluate_test` asks, and adds it to the model's report. The ledger is the job's own, in
 * output/data/test-openings: containers forget, so how often other jobs opened the same split is not known here.
 */
export async function evaluateTest(model: string, { path, work, request, job }: TestRun): Promise<Evaluation> {
  const { evaluation } = await evaluateModel(model, path, {
    ...work,
    split: 'test',
    allowLeakage: request.wish.allowLeakage,
    ledgerDirectory: join(request.tree.outputData, 'test-openings'),
    now: () => new Date(job.now()),
  });
  return evaluation;
}
