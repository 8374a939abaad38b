import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineEvent, type TrainOptions, type TrainResult, train } from '../../engine/index.ts';
import type { ProxySettings } from '../../net/index.ts';
import type { ContainerEnvironment } from '../environment.ts';
import { type EventStream, openEventStream } from '../event-stream.ts';
import type { InstancePhase } from '../events.ts';
import { openDataFolder } from './channels.ts';
import { failureText, moveFile, writeFailure } from './outputs.ts';
import { readTrainingRequest, type TrainingRequest } from './request.ts';
import { chanceLines, finalLine, type Log, logEvents } from './training-log.ts';
import { trainingTree } from './tree.ts';

export interface ContainerTraining {
  /** `/opt/ml` on SageMaker. */
  readonly root: string;
  readonly environment: ContainerEnvironment;
  /** Processors that this process may use. */
  readonly cores: number;
  /** Features and weights, where WHIPPET_CACHE names no folder. */
  readonly cacheDirectory: string;
  readonly proxy: ProxySettings;
  readonly mirror?: string;
  /** Aborted by SIGTERM. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** For what goes wrong. */
  readonly logError: Log;
  /** Milliseconds of a clock that is never set back. */
  readonly elapsed: () => number;
}

/** Exit code of a job that was stopped before there was anything to save: 128 + SIGTERM. */
const stoppedWithoutModel = 143;

/**
 * One training job by SageMaker's container contract. Never rejects.
 * @returns the exit code: 0 with a model, 1 with a reason in output/failure, 143 when stopped before there was a model
 */
export async function trainInContainer(training: ContainerTraining): Promise<number> {
  const { root, environment, signal, log, logError } = training;
  const events = openEventStream(environment.eventsFd);
  try {
    const request = await readTrainingRequest(root, environment);
    await runTraining(request, { ...training, events });
    return 0;
  } catch (error) {
    if (signal.aborted) {
      log('Stopped before there was a model.');
      return stoppedWithoutModel;
    }
    const text = failureText(error);
    logError(text);
    if (error instanceof Error && text.startsWith('Whippet failed')) logError(error.stack ?? '');
    await writeFailure(trainingTree(root, environment.toolkit).failure, text);
    return 1;
  } finally {
    await events.close();
  }
}

interface Run extends ContainerTraining {
  readonly events: EventStream;
}

async function runTraining(request: TrainingRequest, run: Run): Promise<void> {
  const { tree, channels, wish } = request;
  const { log, events } = run;
  const phase = (name: InstancePhase): void => events.tell({ type: 'phase', phase: name });
  phase('reading');
  const data = await openDataFolder(channels, tree);
  const scratch = await mkdtemp(join(tmpdir(), 'whippet-training-'));
  try {
    const show = logEvents(log, run.elapsed);
    const onEvent = (event: EngineEvent): void => {
      show(event);
      events.tell({ type: 'engine', event });
    };
    log(`Training on ${data.channels.map((name) => `"${name}"`).join(', ')} with seed ${wish.seed}`);
    const result = await train(data.path, { ...trainOptions(request, run), out: join(scratch, 'model'), onEvent });
    phase('saving');
    await handOver(result, request);
    for (const line of chanceLines(result.run)) log(line);
    log(finalLine(result.run));
  } finally {
    await data.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

function trainOptions({ wish, channels }: TrainingRequest, run: Run): Omit<TrainOptions, 'out'> {
  const { environment, cores, signal } = run;
  const { audit, pictures, strict, seed, views, allowLeakage, labels, groupBy } = wish;
  const root = channels.get('training') ?? channels.get('train') ?? '';
  return {
    dataset: { labelsFile: labels === undefined ? undefined : join(root, labels), groupBy },
    allowLeakage,
    backbone: {
      spec: wish.backbone,
      features: wish.features,
      preprocessing: wish.preprocessing,
      proxy: run.proxy,
      mirror: run.mirror,
    },
    views,
    seed,
    hyperparameters: wish.head,
    audit: audit && wish.objective === undefined,
    pictures,
    strict,
    workers: environment.threads ?? cores,
    cacheDirectory: environment.cache ?? run.cacheDirectory,
    signal,
  };
}

/** The files that belong into model.tar.gz to model/, the report to output/data/. */
async function handOver({ artifact, report }: TrainResult, { tree }: TrainingRequest): Promise<void> {
  const packed = [...Object.keys(artifact.manifest.files), 'timings.json'];
  for (const name of packed) await moveFile(join(artifact.folder, name), join(tree.model, name));
  // Last: what has a manifest is whole.
  await moveFile(join(artifact.folder, 'whippet.json'), join(tree.model, 'whippet.json'));
  await moveFile(report, join(tree.outputData, 'report.html'));
}
