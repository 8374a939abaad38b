import { isWhippetError } from '../../errors/index.ts';
import { toolkitOf, type Variables } from '../environment.ts';
import { openEventStream } from '../event-stream.ts';
import type { ContainerTraining, Job } from './container-training.ts';
import { asUserError, failureText, writeFailure } from './outputs.ts';
import { readTrainingRequest } from './request.ts';
import { runJob } from './run-job.ts';
import type { Log } from './training-log.ts';
import { type TrainingTree, trainingTree } from './tree.ts';

/** Exit code of a job that was stopped before there was anything to save: 128 + SIGTERM. */
const stoppedWithoutModel = 143;

/**
 * One training job by SageMaker's container contract. Never rejects.
 * @returns the exit code: 0 with a model, 1 with a reason in output/failure, 143 when stopped before there was a model
 */
export async function trainInContainer(training: ContainerTraining): Promise<number> {
  const events = openEventStream(training.environment.eventsFd);
  try {
    return await runTrainingJob(training, { tell: events.tell });
  } finally {
    await events.close();
  }
}

/** The same for a process that has its way to whoever started it open, and may have a memory. Never rejects. */
export async function runTrainingJob(
  training: ContainerTraining,
  ground: Pick<Job, 'tell' | 'memory'>,
): Promise<number> {
  const { root, environment, signal, log, logError } = training;
  try {
    const request = await readTrainingRequest(root, environment);
    await runJob(request, { ...training, ...ground });
    return 0;
  } catch (thrown) {
    const error = asUserError(thrown);
    if (signal.aborted && !isWhippetError(error)) {
      log('Stopped before there was a model.');
      return stoppedWithoutModel;
    }
    return tellFailure(error, { folders: trainingTree(root, environment.toolkit), logError });
  }
}

/**
 * For what keeps a job from beginning at all, such as a variable that makes no sense: told as the failures of jobs are.
 * @returns the exit code
 */
export function failBeforeJob(
  error: unknown,
  { root, variables, logError }: Pick<ContainerTraining, 'root' | 'logError'> & { readonly variables: Variables },
): Promise<number> {
  return tellFailure(error, { folders: trainingTree(root, toolkitOf(variables)), logError });
}

async function tellFailure(
  error: unknown,
  { folders, logError }: { readonly folders: TrainingTree; readonly logError: Log },
): Promise<number> {
  const text = failureText(error);
  logError(text);
  if (error instanceof Error && !isWhippetError(error)) logError(error.stack ?? '');
  await writeFailure(folders.failure, text);
  return 1;
}
