/**
 * The way through SageMaker by the AWS SDK alone, on drawn pictures: one instance with rules, three instances, a search, the best model,
 * answers to the test pictures. The same on 6,240 photos: test/soak/training-story.soak.ts.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  CreateHyperParameterTuningJobCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  CreateTransformJobCommand,
  DescribeTrainingJobCommand,
  type HyperParameterTrainingJobDefinition,
  ListTrainingJobsForHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { drawSample, openArtifact, openPredictor } from '../../src/engine/index.ts';
import { startServer, type WhippetServer } from '../../src/server/index.ts';
import {
  type Aws,
  connectTo,
  fetchObject,
  logOf,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  transformJobEnded,
  tuningJobEnded,
  uploadFolder,
} from '../training/driver.ts';

const debugRules = ['VanishingGradient', 'Overfit', 'Overtraining', 'PoorWeightInitialization'];
const profilerRules = ['LowGPUUtilization', 'CPUBottleneck', 'ProfilerReport'];
const asked = (names: readonly string[]) =>
  names.map((name) => ({
    RuleConfigurationName: name,
    RuleEvaluatorImage: 'whippet',
    RuleParameters: { rule_to_invoke: name },
  }));
const fixed = { backbone: 'scatter', epochs: '20' };

describe('training on the server, from pictures to answers', { timeout: 120_000 }, () => {
  let home: string;
  let pictures: string;
  let server: WhippetServer;
  let aws: Aws;
  let places: { role: string; data: string; output: string };
  const open = async (): Promise<void> => {
    server = await startServer({ port: 0, state: join(home, 'state') });
    aws = connectTo(server);
  };
  const close = async (): Promise<void> => {
    aws.close();
    await server.stop();
  };
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-training-'));
    pictures = join(home, 'pictures');
    await drawSample(pictures, { picturesPerClass: { train: 6, valid: 3, test: 2 }, size: 64 });
    await open();
    await makeBucket(aws, 'my-data');
    const role = await makeRole(aws, 'trainer');
    await uploadFolder(aws, pictures, { bucket: 'my-data', prefix: 'photos/' });
    places = { role, data: 's3://my-data/photos/', output: 's3://my-data/output' };
  });
  after(async () => {
    await close();
    await rm(home, { recursive: true });
  });

  async function train(name: string, more: Partial<CreateTrainingJobRequest> = {}) {
    const request = { ...places, HyperParameters: { ...fixed, learning_rate: '0.002' }, ...more };
    await aws.sagemaker.send(new CreateTrainingJobCommand(trainingJob(name, request)));
    const job = await trainingJobEnded(aws, name);
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    return job;
  }
  async function keysBelow(Prefix: string): Promise<string[]> {
    const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: 'my-data', Prefix }));
    return Contents.map(({ Key = '' }) => Key);
  }
  /** The model's bytes, and its archive on the disk. */
  async function modelOf(name: string): Promise<{ archive: string; model: Buffer }> {
    const job = await aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    const archive = join(home, `${name}.tar.gz`);
    await writeFile(archive, await fetchObject(aws, job.ModelArtifacts?.S3ModelArtifacts ?? ''));
    const opened = await openArtifact(archive);
    try {
      return { archive, model: await readFile(join(opened.folder, 'model.onnx')) };
    } finally {
      await opened.close();
    }
  }

  it('watches a job by its rules', async () => {
    const one = await train('one', {
      DebugRuleConfigurations: asked(debugRules),
      ProfilerRuleConfigurations: asked(profilerRules),
      ProfilerConfig: { S3OutputPath: 's3://my-data/profile', ProfilingIntervalInMilliseconds: 100 },
    });
    const told = [...(one.DebugRuleEvaluationStatuses ?? []), ...(one.ProfilerRuleEvaluationStatuses ?? [])];
    assert.deepEqual(
      told.map(({ RuleConfigurationName: name }) => name),
      [...debugRules, ...profilerRules],
    );
    for (const { RuleConfigurationName: name, RuleEvaluationStatus: status } of told) {
      assert.match(status ?? '', /^(No)?IssuesFound$/, name);
    }
    const metrics = new Map(one.FinalMetricDataList?.map(({ MetricName, Value = 0 }) => [MetricName, Value]));
    assert.ok((metrics.get('validation:accuracy') ?? 0) > 2 / 12, JSON.stringify([...metrics]));
    const [report = ''] = (await keysBelow('')).filter((key) => key.endsWith('/profiler-report.html'));
    assert.match(String(await fetchObject(aws, `s3://my-data/${report}`)), /^<!doctype html>/i);
  });

  it('gives the same model on three instances, which share the work', async () => {
    // As if nothing had been computed yet: the instances shall do it.
    await close();
    await rm(join(home, 'state', 'sagemaker', 'features'), { recursive: true, force: true });
    await open();
    await train('three', { ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 3, VolumeSizeInGB: 10 } });
    assert.deepEqual((await modelOf('three')).model, (await modelOf('one')).model);
    for (const host of ['algo-1', 'algo-2', 'algo-3']) {
      assert.ok((await logOf(aws, '/aws/sagemaker/TrainingJobs', `three/${host}-`)).length > 0, host);
    }
  });

  it('searches, and the best model answers what is asked of it', async () => {
    const { TrainingJobName: _, ...definition } = trainingJob('', places);
    const search = { HyperParameterTuningJobName: 'search' };
    await aws.sagemaker.send(
      new CreateHyperParameterTuningJobCommand({
        ...search,
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          RandomSeed: 1,
          HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
          ResourceLimits: { MaxNumberOfTrainingJobs: 4, MaxParallelTrainingJobs: 2 },
          ParameterRanges: {
            ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue: '0.001', MaxValue: '0.1' }],
            CategoricalParameterRanges: [{ Name: 'batch_size', Values: ['32', '64', '128', '256'] }],
          },
        },
        TrainingJobDefinition: {
          ...definition,
          StaticHyperParameters: fixed,
          Environment: { WHIPPET_RULES: debugRules.join(',') },
        } as HyperParameterTrainingJobDefinition,
      }),
    );
    const tuned = await tuningJobEnded(aws, 'search');
    assert.equal(tuned.HyperParameterTuningJobStatus, 'Completed', tuned.FailureReason);
    const sorted = { SortBy: 'FinalObjectiveMetricValue', SortOrder: 'Descending' } as const;
    const { TrainingJobSummaries: trials = [] } = await aws.sagemaker.send(
      new ListTrainingJobsForHyperParameterTuningJobCommand({ ...search, ...sorted }),
    );
    const values = trials.map((trial) => trial.FinalHyperParameterTuningJobObjectiveMetric?.Value ?? 0);
    assert.equal(values.length, 4);
    const best = tuned.BestTrainingJob;
    assert.equal(best?.FinalHyperParameterTuningJobObjectiveMetric?.Value, Math.max(...values));
    const name = best?.TrainingJobName ?? '';
    const winner = await aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    const rules = winner.DebugRuleEvaluationStatuses?.map(({ RuleConfigurationName: rule }) => rule);
    assert.deepEqual(rules, debugRules);

    const ModelDataUrl = winner.ModelArtifacts?.S3ModelArtifacts ?? '';
    await aws.sagemaker.send(
      new CreateModelCommand({
        ModelName: 'breeds',
        ExecutionRoleArn: places.role,
        PrimaryContainer: { Image: 'whippet', ModelDataUrl },
      }),
    );
    await aws.sagemaker.send(
      new CreateTransformJobCommand({
        TransformJobName: 'answers',
        ModelName: 'breeds',
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-data/photos/test/' } },
          ContentType: 'image/jpeg',
        },
        TransformOutput: { S3OutputPath: 's3://my-data/answers', Accept: 'application/vnd.whippet+json' },
        TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
      }),
    );
    const transformed = await transformJobEnded(aws, 'answers');
    assert.equal(transformed.TransformJobStatus, 'Completed', transformed.FailureReason);
    await answersAreOf((await modelOf(name)).archive);
  });

  /** Each test picture has an answer, and it is what the downloaded model says of that picture. */
  async function answersAreOf(archive: string): Promise<void> {
    const test = await readdir(join(pictures, 'test'), { recursive: true });
    const expected = test.filter((file) => file.endsWith('.jpg')).sort();
    const keys = await keysBelow('answers/');
    assert.deepEqual(keys.map((key) => key.replace(/^answers\/(.*)\.out$/, '$1')).sort(), expected);
    const artifact = await openArtifact(archive);
    const predictor = await openPredictor(artifact, { threads: 1 });
    try {
      for (const file of expected) {
        const { predictions } = JSON.parse(String(await fetchObject(aws, `s3://my-data/answers/${file}.out`)));
        const { ranked } = await predictor.predict(await readFile(join(pictures, 'test', file)), file);
        assert.equal(predictions[0].label, ranked[0]?.label, file);
      }
    } finally {
      await predictor.close();
      await artifact.close();
    }
  }
});
