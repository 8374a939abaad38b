import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Dataset,
  type EngineEvent,
  type Groundwork,
  layGroundwork,
  type TrainOptions,
  trainOn,
} from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';
import { openDataFolder } from './channels.ts';
import type { Job } from './container-training.ts';
import { aloneWith, type DataSource, openDataSource } from './data-source.ts';
import type { Outcome } from './debugger/profiling.ts';
import { openWatch, type Watch } from './debugger/watch.ts';
import { evaluateTest } from './evaluate-test.ts';
import { groundworkKey, type Remembered } from './memory.ts';
import { failureText, handOver } from './outputs.ts';
import type { TrainingRequest } from './request.ts';
import { throttleProgress } from './throttle.ts';
import { headOptions, workOptions } from './train-options.ts';
import { chanceLines, datasetLine, endingLines, finalLine, logEvents } from './training-log.ts';

/**
 * A job from its channels to model/ and output/. A host that follows another leaves neither.
 * @throws whatever ends it without a model
 */
export async function runJob(request: TrainingRequest, job: Job): Promise<void> {
  const watch = openWatch(request, job);
  let outcome: Outcome = 'Failed';
  try {
    watch.phases.enter('reading');
    const data = await openDataFolder(request.channels, { tree: request.tree, alone: request.hosts.length === 1 });
    const scratch = await mkdtemp(join(tmpdir(), 'whippet-training-'));
    try {
      const run = { request, job, watch, scratch, path: data.path, channels: data.channels };
      outcome = await trainOnChannels(run);
    } finally {
      await data.close();
      await rm(scratch, { recursive: true, force: true });
    }
  } finally {
    watch.end(job.signal.aborted && outcome === 'Failed' ? 'Stopped' : outcome);
  }
}

interface Run {
  readonly request: TrainingRequest;
  readonly job: Job;
  readonly watch: Watch;
  /** Folder of the data set, and the channels that it is made of. */
  readonly path: string;
  readonly channels: readonly string[];
  /** Temporary. */
  readonly scratch: string;
}

async function trainOnChannels(run: Run): Promise<Outcome> {
  const { request, job } = run;
  const work = { ...(await workOptions(request, job)), onEvent: listener(run), signal: job.signal };
  const key = await keyOf(run);
  // What is remembered outlives the tree of its job.
  const path = key === undefined ? run.path : await realpath(run.path);
  const known = key === undefined ? undefined : job.memory?.recall(key);
  const source = known
    ? aloneWith(known.dataset)
    : await openDataSource(path, work, { request, training: job, profile: run.watch.exchange });
  if (!source) {
    job.log('The leader has the model.');
    return 'Completed';
  }
  let failure: string | undefined;
  try {
    return await trainOnSource(source, { ...run, path, work, key, known });
  } catch (error) {
    failure = failureText(error);
    throw error;
  } finally {
    await source.release(failure);
  }
}

/** Undefined where nothing is kept: pictures of other hosts or under a temporary roof are there for one job. */
async function keyOf({ request, job, channels }: Run): Promise<string | undefined> {
  if (job.memory === undefined || request.hosts.length > 1 || channels.length > 1) return undefined;
  return groundworkKey(request, job.environment);
}

interface RunOnSource extends Run {
  readonly work: Awaited<ReturnType<typeof workOptions>> & Required<Pick<TrainOptions, 'onEvent' | 'signal'>>;
  readonly key: string | undefined;
  readonly known: Remembered | undefined;
}

async function trainOnSource(source: DataSource, run: RunOnSource): Promise<Outcome> {
  const { request, job, watch, work } = run;
  const { dataset, forTrain, lost } = source;
  checkTestSplit(dataset, request);
  const isTrial = request.wish.objective !== undefined;
  job.log(datasetLine(dataset, { channels: run.channels, isTrial }));
  const options: TrainOptions = {
    ...{ ...work, ...forTrain, out: join(run.scratch, 'model') },
    signal: AbortSignal.any([job.signal, lost]),
    source: isTrial ? withoutTest(dataset) : dataset,
    ...(await trainingOptions(run)),
  };
  const groundwork = await groundworkOf(run, { dataset, options });
  const result = await trainOn(groundwork, options).finally(() => run.key === undefined && groundwork.heads.close());
  // A model that was cut short by the loss of a host is not the one asked for; the checkpoint of it is.
  if (!job.signal.aborted) lost.throwIfAborted();
  const { stopped } = result.run.trained;
  const tests = request.wish.evaluateTest && stopped !== 'interrupted';
  const test = tests
    ? await evaluateTest(result.artifact.folder, { ...run, work: { ...work, ...forTrain, source: dataset } })
    : undefined;
  watch.phases.enter('saving');
  await handOver(result, { request, tested: tests });
  for (const line of [...endingLines(result.run.trained), ...chanceLines(result.run)]) job.log(line);
  job.log(finalLine(result.run, test));
  return stopped === 'interrupted' ? 'Stopped' : 'Completed';
}

/** What an earlier job of this process has laid is told of as if it were new. */
async function groundworkOf(
  { path, job, work, key, known }: RunOnSource,
  { dataset, options }: { readonly dataset: Dataset; readonly options: TrainOptions },
): Promise<Groundwork> {
  if (known) {
    for (const event of known.events) work.onEvent?.(event);
    return known.groundwork;
  }
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent): void => {
    if (event.type !== 'progress') events.push(event);
    work.onEvent?.(event);
  };
  const groundwork = await layGroundwork(path, { ...options, onEvent });
  if (key !== undefined) job.memory?.keep(key, { dataset, groundwork, events });
  return groundwork;
}

function listener({ watch, job: { log, elapsed, tell } }: Run): (event: EngineEvent) => void {
  const show = logEvents(log, elapsed);
  const pass = throttleProgress((event) => tell({ type: 'engine', event }), elapsed);
  return (event) => {
    watch.see(event);
    show(event);
    pass(event);
  };
}

async function trainingOptions({ request, job, watch }: Run) {
  const { checkpoints, ...options } = await headOptions(request, job);
  return {
    ...options,
    record: watch.recording,
    stop: watch.stop,
    ...(checkpoints && {
      checkpoints: {
        ...checkpoints,
        onCheckpoint({ epoch, path }) {
          watch.checkpoint(path);
          job.tell({ type: 'checkpoint', epoch });
        },
        onResume({ epoch, path }) {
          job.log(`Resumed after epoch ${epoch} from ${checkpoints.directory}`);
          watch.checkpoint(path);
        },
      },
    }),
  } satisfies Partial<TrainOptions>;
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
