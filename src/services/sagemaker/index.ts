/** SageMaker. What is faithful, missing and different is in `fidelity`; docs/services/sagemaker.md is written from it and from the table. */
import { mkdirSync, realpathSync } from 'node:fs';
import type { ServedOperation } from '../../wire/index.ts';
import type { AnyOperation } from '../operation.ts';
import type { Service } from '../service.ts';
import type { SageMakerContext } from './context.ts';
import { createCores } from './cores.ts';
import { accessDenied } from './errors.ts';
import { addTags } from './operations/add-tags.ts';
import { createHyperParameterTuningJob } from './operations/create-hyper-parameter-tuning-job.ts';
import { createModel } from './operations/create-model.ts';
import { createTrainingJob } from './operations/create-training-job.ts';
import { createTransformJob } from './operations/create-transform-job.ts';
import { deleteModel } from './operations/delete-model.ts';
import { deleteTags } from './operations/delete-tags.ts';
import { describeHyperParameterTuningJob } from './operations/describe-hyper-parameter-tuning-job.ts';
import { describeModel } from './operations/describe-model.ts';
import { describeTrainingJob } from './operations/describe-training-job.ts';
import { describeTransformJob } from './operations/describe-transform-job.ts';
import { listHyperParameterTuningJobs } from './operations/list-hyper-parameter-tuning-jobs.ts';
import { listModels } from './operations/list-models.ts';
import { listTags } from './operations/list-tags.ts';
import { listTrainingJobs } from './operations/list-training-jobs.ts';
import { listTrainingJobsForHyperParameterTuningJob } from './operations/list-training-jobs-for-hyper-parameter-tuning-job.ts';
import { listTransformJobs } from './operations/list-transform-jobs.ts';
import { stopHyperParameterTuningJob } from './operations/stop-hyper-parameter-tuning-job.ts';
import { stopTrainingJob } from './operations/stop-training-job.ts';
import { stopTransformJob } from './operations/stop-transform-job.ts';
import type { SageMakerState } from './state.ts';
import { createTrainingJobs } from './training/jobs.ts';
import { createTransformJobs } from './transform/jobs.ts';
import { createTuningJobs } from './tuning/jobs.ts';

export { fidelity } from './fidelity.ts';
export type {
  AssumeOptions,
  LogSink,
  MetricSink,
  ObjectEntry,
  RoleObjects,
  RoleSession,
  Roles,
  SageMakerState,
} from './state.ts';

export const title = 'SageMaker';

export const operations = {
  AddTags: addTags,
  CreateHyperParameterTuningJob: createHyperParameterTuningJob,
  CreateModel: createModel,
  CreateTrainingJob: createTrainingJob,
  CreateTransformJob: createTransformJob,
  DeleteModel: deleteModel,
  DeleteTags: deleteTags,
  DescribeHyperParameterTuningJob: describeHyperParameterTuningJob,
  DescribeModel: describeModel,
  DescribeTrainingJob: describeTrainingJob,
  DescribeTransformJob: describeTransformJob,
  ListHyperParameterTuningJobs: listHyperParameterTuningJobs,
  ListModels: listModels,
  ListTags: listTags,
  ListTrainingJobs: listTrainingJobs,
  ListTrainingJobsForHyperParameterTuningJob: listTrainingJobsForHyperParameterTuningJob,
  ListTransformJobs: listTransformJobs,
  StopHyperParameterTuningJob: stopHyperParameterTuningJob,
  StopTrainingJob: stopTrainingJob,
  StopTransformJob: stopTransformJob,
} satisfies Record<ServedOperation<'sagemaker'>, AnyOperation<SageMakerContext>>;

export function createSageMaker(given: SageMakerState): Service<SageMakerContext> {
  const state = { ...given, directory: realFolder(given.directory) };
  const cores = createCores(state.instances.cores);
  const training = createTrainingJobs(state, cores);
  const tuning = createTuningJobs(state, training);
  const transforms = createTransformJobs(state, cores);
  return {
    operations,
    state: { ...state, training, tuning, transforms },
    denied: accessDenied,
    async resume() {
      await training.resume();
      tuning.resume();
      await transforms.resume();
    },
    async close() {
      tuning.close();
      await Promise.all([training.close(), transforms.close()]);
    },
  };
}

/** Without links, so that links in paths below are known to be an instance's. */
function realFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return realpathSync(path);
}
