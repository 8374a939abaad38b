/** Tuning jobs on tables of their own. Training jobs are in the real tables too, and do what a test says instead of starting processes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CreateHyperParameterTuningJobRequest } from '@aws-sdk/client-sagemaker';
import { createJournal } from '../../../host/index.ts';
import { seededRandom } from '../../../random/index.ts';
import { openStore, type Store } from '../../../store/index.ts';
import { sageMakerTables } from '../tables.ts';
import type { TrainingJobs } from '../training/jobs.ts';
import { finalMetricsOf, recordMetrics } from '../training/metric-history.ts';
import type { MetricValue } from '../training/metrics.ts';
import { hasEnded, insertTrainingJob, jobById, openJobs, requestOf, type TrainingJobRow } from '../training/record.ts';
import { enter } from '../training/transitions.ts';
import { createTuningJobs, type TuningJobs } from './jobs.ts';
import type { TuningRequest } from './record.ts';

export const place = { account: '000000000000', region: 'us-east-1' };

/** What becomes of a training job: its objective after each epoch, and how it ends. */
export interface Fate {
  readonly curve: readonly number[];
  /** Default: the last value of the curve. */
  readonly final?: number;
  readonly aboveChance?: boolean;
  readonly pValue?: number;
  readonly fails?: boolean;
  /** Epochs that are trained before it hears that it shall stop. Default 0. */
  readonly overrun?: number;
}

export interface Laboratory {
  readonly store: Store;
  /** Seconds since 1970. */
  time: number;
  tuning: TuningJobs;
  /** Another server takes up what is there. */
  restart(): void;
  /** Ends running training jobs one after another, in the order in which they were started, until none is left. @returns their names. */
  run(fateOf: (hyperparameters: Readonly<Record<string, string>>, number: number) => Fate): string[];
  /** The running training jobs. */
  running(): TrainingJobRow[];
  /** The running training jobs have their features. */
  prepare(): void;
  finish(job: TrainingJobRow, fate: Fate): void;
}

export async function openLaboratory(t: TestContext): Promise<Laboratory> {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-tuning-'));
  const store = await openStore({ directory, schemas: [sageMakerTables], durability: 'memory' });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  const { database } = store;
  const random = seededRandom('names');
  const defects: string[] = [];
  t.after(() => {
    if (defects.length > 0) throw new Error(defects.join('\n'));
  });
  const clock = { now: () => new Date(lab.time * 1000) };
  const state = {
    ...{
      database,
      clock,
      journal: createJournal((line) => void (line.includes('"level":"error"') && defects.push(line)), clock.now),
    },
    random: (bytes: number) => Buffer.from(Uint8Array.from({ length: bytes }, () => random.integer(256))),
  };
  let listeners = listenersOf();
  const training = (): TrainingJobs => ({
    create: (request, options) => insertTrainingJob(request, options, database),
    stop: (job) => enter(job.id, { secondary: 'Stopping', status: 'Stopping', now: clock.now() }, database),
    onEnded: (listener) => listening(listeners.ended, listener),
    onMetric: (listener) => listening(listeners.metric, listener),
    onPrepared: (listener) => listening(listeners.prepared, listener),
    retire: () => undefined,
    resume: async () => {},
    close: async () => {},
  });
  const tell = (job: TrainingJobRow, values: readonly MetricValue[]): void => {
    recordMetrics(job.id, values, database);
    for (const value of values) for (const listener of listeners.metric) listener(job, value);
  };
  const lab: Laboratory = {
    store,
    time: Date.UTC(2026, 0, 15) / 1000,
    tuning: createTuningJobs(state, training()),
    restart() {
      lab.tuning.close();
      listeners = listenersOf();
      lab.tuning = createTuningJobs(state, training());
      lab.tuning.resume();
    },
    running: () => openJobs(database),
    prepare() {
      for (const job of openJobs(database)) for (const listener of listeners.prepared) listener(job);
    },
    finish(job, { curve, final = curve.at(-1), aboveChance, pValue, fails = false, overrun = 0 }) {
      const metric = requestOf(job).HyperParameters?._tuning_objective_metric ?? '';
      let left = overrun;
      for (const [at, value] of curve.entries()) {
        if (jobById(job.id, database).status === 'Stopping' && left-- === 0) break;
        lab.time += 1;
        tell(job, [{ name: metric, value, time: lab.time * 1000, epoch: at + 1 }]);
      }
      const last = { time: lab.time * 1000, epoch: null };
      if (aboveChance !== undefined) {
        tell(job, [{ ...last, name: 'validation:above_chance', value: aboveChance ? 1 : 0 }]);
      }
      if (pValue !== undefined) tell(job, [{ ...last, name: 'validation:chance_p_value', value: pValue }]);
      const stopped = jobById(job.id, database).status === 'Stopping';
      const status = fails ? 'Failed' : stopped ? 'Stopped' : 'Completed';
      const metrics = finalMetricsOf(job.id, database).map((one) =>
        one.name === metric && !stopped && final !== undefined ? { ...one, value: final } : one,
      );
      database.run(
        'UPDATE training_jobs SET metrics = ?, failure = ?, started = created, ended = ? WHERE id = ?',
        ...[
          JSON.stringify(metrics),
          fails ? `AlgorithmError: ${job.name} learnt nothing` : null,
          lab.time * 1000,
          job.id,
        ],
      );
      enter(job.id, { secondary: status, status, now: clock.now() }, database);
      const ended = jobById(job.id, database);
      for (const listener of listeners.ended) listener(ended);
    },
    run(fateOf) {
      const names: string[] = [];
      for (let [job] = openJobs(database); job !== undefined; [job] = openJobs(database)) {
        lab.prepare();
        names.push(job.name);
        lab.finish(job, fateOf(requestOf(job).HyperParameters ?? {}, names.length));
        if (!hasEnded(jobById(job.id, database))) throw new Error(`${job.name} has not ended`);
      }
      return names;
    },
  };
  t.after(() => lab.tuning.close());
  return lab;
}

interface Listeners {
  readonly ended: Set<(job: TrainingJobRow) => void>;
  readonly metric: Set<(job: TrainingJobRow, value: MetricValue) => void>;
  readonly prepared: Set<(job: TrainingJobRow) => void>;
}

function listenersOf(): Listeners {
  return { ended: new Set(), metric: new Set(), prepared: new Set() };
}

function listening<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

type Config = CreateHyperParameterTuningJobRequest['HyperParameterTuningJobConfig'];

/** The founding search, with what a test wants otherwise. */
export function foundingSearch(name: string, config: Partial<NonNullable<Config>> = {}): TuningRequest {
  return {
    HyperParameterTuningJobName: name,
    HyperParameterTuningJobConfig: {
      Strategy: 'Bayesian',
      HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
      ResourceLimits: { MaxNumberOfTrainingJobs: 8, MaxParallelTrainingJobs: 1 },
      ParameterRanges: {
        ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue: '0.001', MaxValue: '0.1' }],
        CategoricalParameterRanges: [{ Name: 'batch_size', Values: ['32', '64', '128', '256'] }],
      },
      RandomSeed: 7,
      ...config,
    },
    TrainingJobDefinition: {
      AlgorithmSpecification: { TrainingImage: 'whippet', TrainingInputMode: 'File' },
      StaticHyperParameters: { epochs: '5' },
      RoleArn: 'arn:aws:iam::000000000000:role/jobs',
      InputDataConfig: [
        {
          ChannelName: 'training',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://photos/dogs/' } },
        },
      ],
      OutputDataConfig: { S3OutputPath: 's3://photos/out' },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 600 },
    },
  };
}
