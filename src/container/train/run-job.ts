import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Dataset,
  type EngineEvent,
  type Evaluation,
  readDataset,
  type TrainOptions,
  type TrainResult,
  train,
} from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import { type DataFolder, openDataFolder } from './channels.ts';
import type { Job } from './container-training.ts';
import { openWatch, type Watch } from './debugger/watch.ts';
import { evaluateTest } from './evaluate-test.ts';
import { handOver } from './outputs.ts';
import type { TrainingRequest } from './request.ts';
import { throttleProgress } from './throttle.ts';
import { headOptions, workOptions } from './train-options.ts';
import { chanceLines, datasetLine, finalLine, logEvents } from './training-log.ts';

/**
 * A job from its channels to model/ and output/.
 * @throws whatever ends it without a model
 */
export async function runJob(request: TrainingRequest, job: Job): Promise<void> {
  const watch = openWatch(request, job);
  const scratch = await mkdtemp(join(tmpdir(), 'whippet-training-'));
  let data: DataFolder | undefined;
  let completed = false;
  try {
    watch.phases.enter('reading');
    data = await openDataFolder(request.channels, request.tree);
    const onEvent = listener(watch, job);
    const work = { ...(await workOptions(request, job)), onEvent, signal: job.signal };
    const dataset = await readDataset(data.path, { ...work.dataset, onEvent, signal: job.signal });
    checkTestSplit(dataset, request);
    job.log(datasetLine(dataset, data.channels));
    const source = request.wish.objective === undefined ? dataset : withoutTest(dataset);
    watch.start(dataset.classes);
    const result = await train(data.path, {
      ...{ ...work, source, out: join(scratch, 'model') },
      ...(await trainingOptions(request, { job, watch })),
    });
    completed = result.run.trained.stopped !== 'interrupted';
    const test =
      request.wish.evaluateTest && completed
        ? await evaluateTest(result.artifact.folder, { data, work, request, job })
        : undefined;
    await save(result, { request, job, watch, test });
  } finally {
    watch.end(completed);
    await data?.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function listener(watch: Watch, { log, elapsed, tell }: Job): (event: EngineEvent) => void {
  const show = logEvents(log, elapsed);
  const pass = throttleProgress((event) => tell({ type: 'engine', event }), elapsed);
  return (event) => {
    watch.phases.see(event);
    show(event);
    pass(event);
    watch.progress(event);
  };
}

async function trainingOptions(
  request: TrainingRequest,
  { job, watch }: { job: Job; watch: Watch },
): Promise<Partial<TrainOptions> & Pick<TrainOptions, 'hyperparameters'>> {
  const { checkpoints, ...options } = await headOptions(request, job);
  return {
    ...options,
    record: watch.recording,
    stop: watch.stop,
    ...(checkpoints && {
      checkpoints: {
        ...checkpoints,
        onCheckpoint: ({ epoch }) => job.tell({ type: 'checkpoint', epoch }),
        onResume: ({ epoch }) => job.log(`Resumed after epoch ${epoch} from ${checkpoints.directory}`),
      },
    }),
  };
}

interface Saving {
  readonly request: TrainingRequest;
  readonly job: Job;
  readonly watch: Watch;
  readonly test: Evaluation | undefined;
}

async function save(result: TrainResult, { request, job, watch, test }: Saving): Promise<void> {
  const { trained } = result.run;
  watch.phases.enter('saving');
  await handOver(result, { request, tested: test !== undefined });
  if (trained.stopped === 'interrupted') job.log(`Stopped after epoch ${trained.epochs.at(-1)?.epoch ?? 0}.`);
  for (const line of chanceLines(result.run)) job.log(line);
  job.log(finalLine(result.run, test));
}

/** Said before any work is done, rather than after training. */
function checkTestSplit(dataset: Dataset, { wish }: TrainingRequest): void {
  if (!wish.evaluateTest || dataset.samples.some(({ split }) => split === 'test')) return;
  throw userError('WHIPPET_EVALUATION_NO_SUCH_SPLIT', { path: dataset.root, split: 'test' });
}

/** A trial of a search has no use for pictures that it may not be judged by. */
function withoutTest(dataset: Dataset): Dataset {
  return { ...dataset, samples: dataset.samples.filter(({ split }) => split !== 'test') };
}
