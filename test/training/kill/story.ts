/** The training story as clients live it: one job after the other of each kind, without end, whatever becomes of the server. */
import assert from 'node:assert/strict';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateHyperParameterTuningJobCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  type HyperParameterTrainingJobDefinition,
  ListTrainingJobsForHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import {
  type Aws,
  fetchObject,
  type JobPlaces,
  logOf,
  trainingJob,
  trainingJobEnded,
  transformJobEnded,
  tuningJobEnded,
} from '../driver.ts';
import type { Ledger } from './ledger.ts';
import type { Line } from './line.ts';

export interface Story {
  readonly line: Line;
  readonly ledger: Ledger;
  readonly places: JobPlaces;
  /** Of the channel `training`, below which the objects of a transform job lie, and what these are. */
  readonly pictures: { readonly uri: string; readonly names: readonly string[] };
  /** Nothing new is begun then. */
  readonly isOver: () => boolean;
  /** Looks whether an ended job has left anything. */
  readonly onEnded: (job: string) => void;
}

const common = { backbone: 'scatter', audit: 'false', seed: '3' };
/** Long enough to be killed between two checkpoints. */
const whole = { ...common, epochs: '120', patience: '0', learning_rate: '0.01' };
const ofTrials = { ...common, epochs: '40' };

/** Digest of model.onnx of the first training job, which all of the same input must have, and the newest artifact. */
export interface Models {
  digest?: string;
  newest?: string;
  /** Trainings that went on from a checkpoint. */
  resumed: number;
}

/** Trains on one instance and on two in turn. What an instance's end has failed goes on from its checkpoints as another job. */
export async function trainOnAndOn(story: Story, models: Models): Promise<void> {
  for (let number = 1; !story.isOver(); number++) {
    const checkpoints = `train-${number}`;
    for (let attempt = 1; ; attempt++) {
      const name = `train-${number}-${attempt}`;
      const job = await train(story, { name, checkpoints, instances: 2 - (number % 2) });
      if (job.TrainingJobStatus === 'Completed') {
        await checkModel(story, job, models);
        break;
      }
      if (story.isOver()) break;
    }
  }
}

export interface TrainOptions {
  readonly name: string;
  readonly checkpoints: string;
  readonly instances: number;
}

export async function train(
  { line, ledger, places, onEnded }: Story,
  { name, checkpoints, instances }: TrainOptions,
): Promise<DescribeTrainingJobResponse> {
  const request = trainingJob(name, {
    ...{ ...places, HyperParameters: whole },
    ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: instances, VolumeSizeInGB: 10 },
    CheckpointConfig: { S3Uri: `${places.output}/checkpoints/${checkpoints}` },
    Environment: { WHIPPET_CHECKPOINT_SECONDS: '0' },
  });
  await line.create(({ sagemaker }) => sagemaker.send(new CreateTrainingJobCommand(request)));
  ledger.acknowledge('training', name);
  const job = await line.call((aws) => trainingJobEnded(aws, name));
  onEnded(name);
  if (job.TrainingJobStatus !== 'Completed') ledger.checkFailure(name, job.FailureReason);
  return job;
}

/** Same input, same bytes: with one instance or two, resumed or not. */
export async function checkModel(
  { line, ledger }: Story,
  job: DescribeTrainingJobResponse,
  models: Models,
): Promise<void> {
  const { TrainingJobName: name, SecondaryStatusTransitions: steps = [], FinalMetricDataList: metrics = [] } = job;
  const digest = await line.call((aws) => ledger.keepModel(job, aws));
  models.digest ??= digest;
  assert.equal(digest, models.digest, `${name} gave another model`);
  const log = await line.call((aws) => logOf(aws, '/aws/sagemaker/TrainingJobs', `${name}/`));
  if (log.some((text) => text.startsWith('Resumed after epoch'))) models.resumed++;
  models.newest = job.ModelArtifacts?.S3ModelArtifacts ?? '';
  for (const { Status, EndTime } of steps) assert.ok(EndTime, `${name}: ${Status} has not ended`);
  assert.ok(
    metrics.some(({ MetricName }) => MetricName === 'validation:loss'),
    `${name} has no metrics`,
  );
}

const trials = 3;

/** Tunes; each search is the same as long as no trial is lost. */
export async function tuneOnAndOn({ line, ledger, places, isOver, onEnded }: Story): Promise<void> {
  const { TrainingJobName: _, HyperParameters: __, ...definition } = trainingJob('', places);
  for (let number = 1; !isOver(); number++) {
    const name = `tune-${number}`;
    const command = new CreateHyperParameterTuningJobCommand({
      HyperParameterTuningJobName: name,
      HyperParameterTuningJobConfig: {
        Strategy: 'Random',
        RandomSeed: 1,
        HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:loss' },
        ResourceLimits: { MaxNumberOfTrainingJobs: trials, MaxParallelTrainingJobs: 2 },
        ParameterRanges: {
          ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue: '0.005', MaxValue: '0.05' }],
        },
      },
      TrainingJobDefinition: { ...definition, StaticHyperParameters: ofTrials } as HyperParameterTrainingJobDefinition,
    });
    await line.create(({ sagemaker }) => sagemaker.send(command));
    ledger.acknowledge('tuning', name);
    const job = await line.call((aws) => tuningJobEnded(aws, name));
    const lost = await line.call((aws) => checkTrials(aws, name, ledger));
    onEnded(name);
    if (lost < trials) assert.equal(job.HyperParameterTuningJobStatus, 'Completed', `${name}: ${job.FailureReason}`);
    else assert.match(`${job.FailureReason}`, /No training job succeeded after 3 attempts/);
  }
}

/** @returns how many trials were lost. */
async function checkTrials(aws: Aws, name: string, ledger: Ledger): Promise<number> {
  const list = new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name });
  const { TrainingJobSummaries: found = [] } = await aws.sagemaker.send(list);
  const numbers = found.map(({ TrainingJobName: trial = '' }) => trial.slice(name.length + 1, name.length + 4)).sort();
  assert.deepEqual(numbers, ['001', '002', '003'], `${name} has other trials`);
  let lost = 0;
  for (const { TrainingJobName: trial = '', TrainingJobStatus: status } of found) {
    ledger.acknowledge('training', trial);
    const job = await aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: trial }));
    if (status === 'Completed') {
      await ledger.keepModel(job, aws);
      continue;
    }
    lost++;
    ledger.checkFailure(trial, job.FailureReason);
  }
  return lost;
}

/** Makes a model of what was trained last and lets it answer. Equal models give equal answers. */
export async function transformOnAndOn(story: Story, models: Models): Promise<void> {
  const { line, ledger, places, pictures, isOver, onEnded } = story;
  let answers: string[] | undefined;
  for (let number = 1; !isOver(); number++) {
    const name = `transform-${number}`;
    const PrimaryContainer = { Image: 'whippet', ModelDataUrl: models.newest ?? '' };
    await line.create(({ sagemaker }) =>
      sagemaker.send(new CreateModelCommand({ ModelName: name, PrimaryContainer, ExecutionRoleArn: places.role })),
    );
    ledger.acknowledge('model', name);
    const output = `${places.output}/answers/${name}`;
    const command = new CreateTransformJobCommand({
      TransformJobName: name,
      ModelName: name,
      TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: pictures.uri } } },
      TransformOutput: { S3OutputPath: output },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    });
    await line.create(({ sagemaker }) => sagemaker.send(command));
    ledger.acknowledge('transform', name);
    const job = await line.call((aws) => transformJobEnded(aws, name));
    onEnded(name);
    if (job.TransformJobStatus !== 'Completed') {
      ledger.checkFailure(name, job.FailureReason);
      continue;
    }
    const found = await line.call((aws) => resultsBelow(aws, output));
    assert.deepEqual(
      [...found.keys()],
      [...pictures.names].map((path) => `${path}.out`).sort(),
      `${name} is not whole`,
    );
    answers ??= [...found.values()];
    assert.deepEqual([...found.values()], answers, `${name} has other answers`);
  }
}

/** Contents by their keys below the URI, in their order. */
async function resultsBelow(aws: Aws, uri: string): Promise<Map<string, string>> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/` });
  const { Contents: found = [] } = await aws.s3.send(list);
  const results = new Map<string, string>();
  for (const { Key: key = '' } of found) {
    results.set(key.slice(prefix.length + 1), String(await fetchObject(aws, `s3://${bucket}/${key}`)));
  }
  return results;
}
