/**
 * What SageMaker's API costs over the bare engine, on photos whose features are known: one training job against `train()` in this
 * process, and a tuning job of 64 trials with early stopping against the same epochs with nothing around them.
 *
 *   node bench/jobs.ts
 *
 * Photos and weights are read from ../shared/data.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateHyperParameterTuningJobCommand,
  CreateTrainingJobCommand,
  type HyperParameterTrainingJobDefinition,
  ListTrainingJobsForHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { openTrials, type TrainOptions, train } from '../src/engine/index.ts';
import {
  type Aws,
  connectTo,
  type JobPlaces,
  logOf,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  tuningJobEnded,
  uploadFolder,
} from '../test/training/driver.ts';
import { startWhippetServer } from './training/server.ts';

const data = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const photos = join(data, 'dogs');
const weights = join(data, 'weights', 'mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx');
const rounds = 3;
const trials = 64;
const hyperparameters = { epochs: '30' };

await run();

async function run(): Promise<void> {
  if (!existsSync(photos) || !existsSync(weights)) {
    process.stdout.write(`jobs: skipped, as ${photos} or ${weights} is not there.\n`);
    return;
  }
  const home = await mkdtemp(join(tmpdir(), 'whippet-bench-'));
  const server = await startWhippetServer(join(home, 'state'));
  const aws = connectTo(server);
  try {
    await makeBucket(aws, 'jobs');
    const role = await makeRole(aws, 'jobs');
    await uploadFolder(aws, photos, { bucket: 'jobs', prefix: 'photos/' });
    await uploadFolder(aws, join(data, 'weights'), { bucket: 'jobs', prefix: 'weights/' });
    const places = {
      ...{ role, data: 's3://jobs/photos/', output: 's3://jobs/output' },
      weights: `s3://jobs/weights/${basename(weights)}`,
    };
    await overhead(aws, places, home);
    await search(aws, places, home);
  } finally {
    aws.close();
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function overhead(aws: Aws, places: JobPlaces, home: string): Promise<void> {
  const bare: number[] = [];
  const jobs: number[] = [];
  const options = (round: number): TrainOptions => ({
    out: join(home, `bare-${round}`),
    backbone: { spec: `onnx:${weights}` },
    seed: 0,
    hyperparameters,
    workers: 2,
    cacheDirectory: join(home, 'cache'),
  });
  // The first of each computes the features.
  for (let round = 0; round <= rounds; round++) {
    bare.push(await timed(() => train(photos, options(round))));
    jobs.push(await timed(() => trainOnce(aws, `job-${round}`, places)));
  }
  const [alone, asJob] = [median(bare.slice(1)), median(jobs.slice(1))];
  process.stdout.write(
    `one training, 6,240 photos, mobilenet_v2, 30 epochs, audit, report; features known; medians of ${rounds}\n` +
      `  train() in a process that runs   ${alone.toFixed(2)} s\n` +
      `  CreateTrainingJob to Completed   ${asJob.toFixed(2)} s\n` +
      `  overhead                         ${(asJob - alone).toFixed(2)} s   (target 2 s)\n` +
      `  the first job, channel and features included: ${jobs[0]?.toFixed(1)} s, train() ${bare[0]?.toFixed(1)} s\n`,
  );
}

async function trainOnce(aws: Aws, name: string, places: JobPlaces): Promise<void> {
  await aws.sagemaker.send(
    new CreateTrainingJobCommand(trainingJob(name, { ...places, HyperParameters: hyperparameters })),
  );
  const { TrainingJobStatus: status, FailureReason: reason } = await trainingJobEnded(aws, name);
  if (status !== 'Completed') throw new Error(`${name}: ${status}, ${reason}`);
}

async function search(aws: Aws, places: JobPlaces, home: string): Promise<void> {
  const { TrainingJobName: _, HyperParameters: __, ...definition } = trainingJob('', places);
  const seconds = await timed(async () => {
    await aws.sagemaker.send(
      new CreateHyperParameterTuningJobCommand({
        HyperParameterTuningJobName: 'search',
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          RandomSeed: 1,
          HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
          ResourceLimits: { MaxNumberOfTrainingJobs: trials, MaxParallelTrainingJobs: 2 },
          ParameterRanges: {
            ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue: '0.001', MaxValue: '0.1' }],
            CategoricalParameterRanges: [{ Name: 'batch_size', Values: ['32', '64', '128', '256'] }],
          },
          TrainingJobEarlyStoppingType: 'Auto',
        },
        TrainingJobDefinition: {
          ...definition,
          StaticHyperParameters: hyperparameters,
        } as HyperParameterTrainingJobDefinition,
      }),
    );
    const { HyperParameterTuningJobStatus: status, FailureReason: reason } = await tuningJobEnded(aws, 'search');
    if (status !== 'Completed') throw new Error(`search: ${status}, ${reason}`);
  });
  const { epochs, bare } = await sameEpochs(aws, home);
  process.stdout.write(
    `a tuning job of ${trials} trials on the same, two at a time, early stopping; ${epochs} epochs\n` +
      `  until it is Completed            ${seconds.toFixed(1)} s   (target 60 s)\n` +
      `  the same epochs, bare            ${bare.toFixed(1)} s, two heads at a time in this process\n` +
      `  ÷ bare                           ${(seconds / bare).toFixed(2)}\n`,
  );
}

/** The epochs of all trials, as the engine trains them with nothing around. */
async function sameEpochs(aws: Aws, home: string): Promise<{ readonly epochs: number; readonly bare: number }> {
  const list = { HyperParameterTuningJobName: 'search', MaxResults: 100 };
  const { TrainingJobSummaries: jobs = [] } = await aws.sagemaker.send(
    new ListTrainingJobsForHyperParameterTuningJobCommand(list),
  );
  const known: { readonly given: Record<string, string>; readonly epochs: number }[] = [];
  for (const { TrainingJobName: name, TunedHyperParameters: tuned } of jobs) {
    const lines = await logOf(aws, '/aws/sagemaker/TrainingJobs', `${name}/`);
    const epochs = lines.filter((line) => line.startsWith('epoch=')).length;
    known.push({ given: { ...hyperparameters, ...tuned }, epochs });
  }
  const engine = await openTrials(photos, {
    ...{ out: join(home, 'trials'), backbone: { spec: `onnx:${weights}` }, seed: 0 },
    ...{ workers: 2, cacheDirectory: join(home, 'cache') },
  });
  const queue = known.values();
  const trainAll = async (): Promise<void> => {
    for (const { given, epochs } of queue) await engine.run(given, { stopWhen: ({ length }) => length >= epochs });
  };
  const bare = await timed(() => Promise.all([trainAll(), trainAll()]));
  engine.close();
  return { epochs: known.reduce((sum, { epochs }) => sum + epochs, 0), bare };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
