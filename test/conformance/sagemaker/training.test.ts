import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DeleteTagsCommand,
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  paginateListTrainingJobs,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { type Caller, callerOf } from '../../server/client.ts';
import { logOf, trainingJobEnded, until } from '../../training/driver.ts';
import { refusal } from '../iam/account.ts';
import { endless, type Ground, openGround } from './ground.ts';

let ground: Ground;
let root: Caller;
before(async () => {
  ground = await openGround();
  root = callerOf(ground.account.server.url, ground.account.server.credentials);
  await ground.aws.s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'nothing/' }));
});
after(() => ground.close());

const arn = (name: string) => `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`;
const target = (operation: string) => `SageMaker.${operation}`;
const create = (request: CreateTrainingJobRequest) => ground.aws.sagemaker.send(new CreateTrainingJobCommand(request));
const describeJob = (name: string) =>
  ground.aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));

/** Its first channel's prefix has nothing but the mark of a folder, so that it fails within milliseconds. */
const failing = (name: string): CreateTrainingJobRequest => {
  const request = ground.job(name);
  const DataSource = { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://photos/nothing/' } } as const;
  return { ...request, InputDataConfig: [{ ChannelName: 'training', DataSource }] };
};

describe('serialization', () => {
  test('JSON 1.1: times are seconds, and what a job is not yet is left out', async () => {
    const request = { ...failing('Wire'), Tags: [{ Key: 'stage', Value: 'test' }] };
    const made = await root.json('sagemaker', target('CreateTrainingJob'), request);
    assert.deepEqual([made.status, JSON.parse(made.text)], [200, { TrainingJobArn: arn('wire') }]);
    assert.equal(made.headers['content-type'], 'application/x-amz-json-1.1');
    await trainingJobEnded(ground.aws, 'Wire');
    const { text } = await root.json('sagemaker', target('DescribeTrainingJob'), { TrainingJobName: 'Wire' });
    const job = JSON.parse(text);
    assert.ok(Math.abs(job.CreationTime - Date.now() / 1000) < 60, String(job.CreationTime));
    assert.equal(job.TrainingJobArn, arn('wire'));
    const { MetricDefinitions, ...algorithm } = job.AlgorithmSpecification;
    assert.deepEqual(algorithm, request.AlgorithmSpecification);
    assert.equal(MetricDefinitions.length, 3);
    assert.deepEqual(job.ModelArtifacts, { S3ModelArtifacts: '' });
    for (const absent of ['Tags', 'TuningJobArn', 'DebugRuleEvaluationStatuses', 'VpcConfig']) {
      assert.equal(absent in job, false, absent);
    }
  });

  test('errors carry their type and message', async () => {
    const { status, text } = await root.json('sagemaker', target('DescribeTrainingJob'), { TrainingJobName: 'nobody' });
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(text), { __type: 'ValidationException', message: 'Requested resource not found.' });
  });
});

interface Refused {
  readonly title: string;
  readonly change: (request: CreateTrainingJobRequest) => Partial<CreateTrainingJobRequest>;
  readonly message: RegExp;
  readonly code?: string;
  readonly status?: number;
}

const s3 = (source: object) => [{ ChannelName: 'training', DataSource: { S3DataSource: source } }];
const prefix = { S3DataType: 'S3Prefix', S3Uri: 's3://photos/breeds/' };

describe('validation', () => {
  const notServed = { code: 'NotImplemented', status: 501 };
  const refused: readonly Refused[] = [
    {
      title: 'an image of somebody else',
      change: () => ({ AlgorithmSpecification: { TrainingImage: 'xgboost:1', TrainingInputMode: 'File' } }),
      message:
        /^AlgorithmSpecification\.TrainingImage "xgboost:1" cannot be run: .*Use "whippet", or the URI of an ECR repository/,
    },
    {
      title: 'an algorithm by its name',
      change: () => ({ AlgorithmSpecification: { AlgorithmName: 'theirs', TrainingInputMode: 'File' } }),
      ...{
        ...notServed,
        message:
          /^AlgorithmSpecification\.AlgorithmName of CreateTrainingJob is not supported by Whippet \(received "theirs"\): leave it out\.$/,
      },
    },
    {
      title: 'Pipe mode',
      change: () => ({ AlgorithmSpecification: { TrainingImage: 'whippet', TrainingInputMode: 'Pipe' } }),
      ...{ ...notServed, message: /TrainingInputMode .* use "File" or "FastFile"/ },
    },
    {
      title: 'augmented manifests',
      change: () => ({ InputDataConfig: s3({ ...prefix, S3DataType: 'AugmentedManifestFile' }) as never }),
      ...{ ...notServed, message: /S3DataType .*received "AugmentedManifestFile"/ },
    },
    {
      title: 'compressed channels',
      change: () => ({ InputDataConfig: [{ ...s3(prefix)[0], CompressionType: 'Gzip' }] as never }),
      ...{ ...notServed, message: /InputDataConfig\[\]\.CompressionType/ },
    },
    {
      title: 'instance groups',
      change: () => ({
        ResourceConfig: {
          InstanceGroups: [{ InstanceGroupName: 'g', InstanceType: 'ml.m5.large', InstanceCount: 1 }],
          VolumeSizeInGB: 1,
        },
      }),
      ...{ ...notServed, message: /ResourceConfig\.InstanceGroups .*leave it out/ },
    },
    {
      title: 'spot training',
      change: () => ({ EnableManagedSpotTraining: true }),
      ...{ ...notServed, message: /EnableManagedSpotTraining/ },
    },
    {
      title: 'two channels of one name',
      change: () => ({ InputDataConfig: [...s3(prefix), ...s3(prefix)] as never }),
      message: /^Duplicate channel name: "training"\.$/,
    },
    {
      title: 'a channel whose folder would be the one above',
      change: () => ({ InputDataConfig: [{ ...s3(prefix)[0], ChannelName: '..' }] as never }),
      message: /^"\.\." is no name for a channel/,
    },
    {
      title: 'a URI of the web',
      change: () => ({ OutputDataConfig: { S3OutputPath: 'https://example.com/out' } }),
      message: /^OutputDataConfig\.S3OutputPath must be an S3 URI/,
    },
    {
      title: 'no instances',
      change: () => ({ ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 0, VolumeSizeInGB: 1 } }),
      message: /InstanceCount/,
    },
    {
      title: 'more instances than a machine is worth',
      change: () => ({ ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 21, VolumeSizeInGB: 1 } }),
      ...{
        code: 'ResourceLimitExceeded',
        message: /is 20 Instances, with current utilization of 0 Instances and a request delta of 21 Instances\.$/,
      },
    },
    {
      title: 'an instance type that AWS does not have',
      change: () => ({ ResourceConfig: { InstanceType: 'ml.my.own' as never, InstanceCount: 1, VolumeSizeInGB: 1 } }),
      message: /'resourceConfig\.instanceType' failed to satisfy constraint/,
    },
    {
      title: 'a time that AWS does not give',
      change: () => ({ StoppingCondition: { MaxRuntimeInSeconds: 28 * 86_400 + 1 } }),
      message: /^StoppingCondition\.MaxRuntimeInSeconds must be at most 2419200 \(28 days\), but is 2419201\.$/,
    },
    {
      title: 'a metric that captures nothing',
      change: ({ AlgorithmSpecification }) => ({
        AlgorithmSpecification: {
          ...AlgorithmSpecification,
          MetricDefinitions: [{ Name: 'loss', Regex: 'loss=.*' }],
        } as never,
      }),
      message: /must capture the value in a group/,
    },
    {
      title: 'a metric that is no regular expression',
      change: ({ AlgorithmSpecification }) => ({
        AlgorithmSpecification: {
          ...AlgorithmSpecification,
          MetricDefinitions: [{ Name: 'loss', Regex: '(' }],
        } as never,
      }),
      message: /metric "loss" is not valid/,
    },
    {
      title: 'a rule that there is not',
      change: () => ({
        DebugRuleConfigurations: [
          { RuleConfigurationName: 'mine', RuleEvaluatorImage: 'i', RuleParameters: { rule_to_invoke: 'NoSuchRule' } },
        ],
      }),
      message: /^mine: There is no rule NoSuchRule in DebugRuleConfigurations here\. Served are .*VanishingGradient/,
    },
    {
      title: 'an interval that the profiler does not have',
      change: () => ({ ProfilerConfig: { ProfilingIntervalInMilliseconds: 250 } }),
      message:
        /^ProfilerConfig\.ProfilingIntervalInMilliseconds must be one of 100, 200, 500, 1000, 5000, 60000, but is 250\.$/,
    },
    {
      title: 'tags that are twice there',
      change: () => ({
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      }),
      message: /^Duplicate tag keys found/,
    },
    {
      title: 'a role that there is not',
      change: () => ({ RoleArn: 'arn:aws:iam::000000000000:role/nobody' }),
      message:
        /^Could not assume role arn:aws:iam::000000000000:role\/nobody\. Please ensure that the role exists and allows principal 'sagemaker\.amazonaws\.com' to assume the role\.$/,
    },
    ...['s3://photos/nowhere/', 's3://no-such-bucket/x'].map((S3Uri) => ({
      title: `a channel where there is nothing, ${S3Uri}`,
      change: () => ({
        InputDataConfig: [...s3(prefix), { ...s3({ ...prefix, S3Uri })[0], ChannelName: 'b' }] as never,
      }),
      message: new RegExp(
        `^No S3 objects found under S3 URL "${S3Uri}" given in input data source\\. Please ensure that the bucket exists in the selected region \\(us-east-1\\)`,
      ),
    })),
    {
      title: 'a manifest that is not there',
      change: () => ({
        InputDataConfig: s3({ S3DataType: 'ManifestFile', S3Uri: 's3://photos/absent.json' }) as never,
      }),
      message: /^No S3 objects found under S3 URL "s3:\/\/photos\/absent\.json"/,
    },
    {
      title: 'a hyperparameter that is too long for AWS',
      change: () => ({ HyperParameters: { note: 'x'.repeat(2501) } }),
      message: /length less than or equal to 2500/,
    },
  ];
  for (const { title, change, message, code = 'ValidationException', status = 400 } of refused) {
    test(title, async () => {
      const request = ground.job('refused');
      const answer = await refusal(create({ ...request, ...change(request) }));
      assert.match(answer.message, message);
      assert.deepEqual([answer.code, answer.status], [code, status]);
      assert.equal((await refusal(describeJob('refused'))).message, 'Requested resource not found.');
    });
  }

  test('a name that is taken, in any case', async () => {
    await create(failing('taken'));
    const answer = await refusal(create(failing('TAKEN')));
    assert.deepEqual([answer.code, answer.status], ['ResourceInUse', 400]);
    assert.match(
      answer.message,
      /^Training job names must be unique within an AWS account and region, and a training job with this name already exists \(arn:.*training-job\/taken\)$/,
    );
    await trainingJobEnded(ground.aws, 'taken');
  });

  test('a token of another order', async () => {
    const { sagemaker } = ground.aws;
    for (const name of ['page-1', 'page-2']) await create(failing(name));
    const { NextToken } = await sagemaker.send(new ListTrainingJobsCommand({ MaxResults: 1, SortBy: 'Name' }));
    const moved = sagemaker.send(new ListTrainingJobsCommand({ NextToken, SortBy: 'Status' }));
    assert.match((await refusal(moved)).message, /pagination token is invalid/);
    for (const name of ['page-1', 'page-2']) await trainingJobEnded(ground.aws, name);
  });
});

describe('behaviour', { timeout: 60_000 }, () => {
  test('a job from its creation to its model', async () => {
    const job = await ground.run('Life-1', { Environment: { MINE: 'x' } });
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    assert.equal(job.ModelArtifacts?.S3ModelArtifacts, 's3://photos/out/Life-1/output/model.tar.gz');
    const steps = job.SecondaryStatusTransitions ?? [];
    assert.deepEqual(
      steps.map(({ Status }) => Status),
      ['Starting', 'Downloading', 'Training', 'Uploading', 'Completed'],
    );
    for (const [at, { StartTime }] of steps.entries()) {
      if (at > 0) assert.deepEqual(steps[at - 1]?.EndTime, StartTime);
    }
    const times = [job.CreationTime, job.TrainingStartTime, job.TrainingEndTime, job.LastModifiedTime].map(Number);
    assert.deepEqual(times, times.toSorted());
    const seconds = Math.round(((times[2] ?? 0) - (times[1] ?? 0)) / 1000);
    assert.deepEqual([job.TrainingTimeInSeconds, job.BillableTimeInSeconds], [seconds, seconds]);
    const metrics = Object.fromEntries(
      (job.FinalMetricDataList ?? []).map(({ MetricName, Value }) => [MetricName, Value]),
    );
    assert.deepEqual(Object.keys(metrics), ['train:loss', 'validation:accuracy', 'validation:loss']);
    const lines = await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', 'Life-1/algo-1-');
    const last = lines.find((line) => line.startsWith('final epoch='));
    assert.ok(last?.includes(`validation:accuracy=${metrics['validation:accuracy']?.toFixed(6)}`), last);
    assert.equal(lines.filter((line) => line.startsWith('epoch=')).length, 3);
  });

  test('metrics are found by the expressions of the job; one that takes for ever hurts nobody', async () => {
    const { AlgorithmSpecification } = ground.job('x');
    const job = await ground.run('metrics', {
      AlgorithmSpecification: {
        ...AlgorithmSpecification,
        MetricDefinitions: [
          { Name: 'forever', Regex: '((?:[a-z0-9:=._ ]+)+)!' },
          { Name: 'epochs', Regex: '^epoch=(\\d+)' },
          { Name: 'absent', Regex: 'absent=(.*)' },
        ],
      } as never,
    });
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    const found = job.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value]);
    assert.deepEqual(found, [['epochs', 3]]);
    const lines = await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', 'metrics/');
    assert.ok(lines.some((line) => /metric "forever" takes too long/.test(line)));
  });

  test('a job whose data is nothing but marks of folders fails and names where it looked', async () => {
    await create(failing('empty'));
    const job = await trainingJobEnded(ground.aws, 'empty');
    assert.equal(job.TrainingJobStatus, 'Failed');
    assert.match(
      job.FailureReason ?? '',
      /^ClientError: No S3 objects found under S3 URL "s3:\/\/photos\/nothing\/" given/,
    );
    assert.equal(job.SecondaryStatusTransitions?.at(-1)?.StatusMessage, job.FailureReason);
  });

  test('a hyperparameter that is no number fails the job with a reason', async () => {
    const job = await ground.run('number', { HyperParameters: { backbone: 'scatter', epochs: 'many' } });
    assert.equal(job.TrainingJobStatus, 'Failed');
    assert.match(job.FailureReason ?? '', /^AlgorithmError: .*epochs.*many.*, exit code: 1$/s);
  });

  test('the reason of a failure tells paths as the container on AWS would', async () => {
    const DataSource = { S3DataSource: { ...prefix, S3DataType: 'S3Prefix' } } as const;
    const job = await ground.run('paths', { InputDataConfig: [{ ChannelName: 'pictures', DataSource }] });
    assert.match(
      job.FailureReason ?? '',
      /^AlgorithmError: WHIPPET_CONTAINER_NO_CHANNEL: There are no training pictures: \/opt\/ml\/input\/data has neither/,
    );
  });

  test('jobs that do not fit wait, and say so; stopped, they are stopped at once', async () => {
    const { sagemaker } = ground.aws;
    await create(ground.job('long', { HyperParameters: endless }));
    await create(ground.job('waits', { HyperParameters: endless }));
    await create(ground.job('waits-too', { HyperParameters: endless }));
    let waiting = await describeJob('waits-too');
    while (waiting.SecondaryStatus === 'Starting') waiting = await describeJob('waits-too');
    assert.equal(waiting.SecondaryStatus, 'Pending');
    const message = waiting.SecondaryStatusTransitions?.at(-1)?.StatusMessage ?? '';
    assert.match(message, /cores? of this machine (is|are) in use by other jobs\. 1 job is before this one\.$/);
    for (const name of ['waits', 'waits-too']) {
      await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));
      const { TrainingJobStatus, TrainingStartTime } = await trainingJobEnded(ground.aws, name);
      assert.deepEqual([TrainingJobStatus, TrainingStartTime], ['Stopped', undefined]);
    }

    await until(async () =>
      (await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', 'long/')).some((line) => /^epoch=/.test(line)),
    );
    await sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'long' }));
    assert.equal((await describeJob('long')).TrainingJobStatus, 'Stopping');
    const stopped = await trainingJobEnded(ground.aws, 'long');
    assert.deepEqual([stopped.TrainingJobStatus, stopped.SecondaryStatus], ['Stopped', 'Stopped']);
    assert.equal(stopped.ModelArtifacts?.S3ModelArtifacts, 's3://photos/out/long/output/model.tar.gz');
    const again = await refusal(sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'long' })));
    assert.match(again.message, /^The request was rejected because the training job is in status Stopped\.$/);
  });

  test('MaxRuntimeInSeconds ends a job, which keeps its model', async () => {
    const job = await ground.run('overtime', {
      HyperParameters: endless,
      StoppingCondition: { MaxRuntimeInSeconds: 4 },
    });
    assert.deepEqual([job.TrainingJobStatus, job.SecondaryStatus], ['Stopped', 'MaxRuntimeExceeded']);
    assert.match(job.ModelArtifacts?.S3ModelArtifacts ?? '', /model\.tar\.gz$/);
  });

  test('lists by name, status and time, in pages that neither repeat nor leave out', async () => {
    const { sagemaker } = ground.aws;
    for (let at = 0; at < 5; at++) await create(failing(`list-${at}`));
    for (let at = 0; at < 5; at++) await trainingJobEnded(ground.aws, `list-${at}`);
    const names: (string | undefined)[] = [];
    const pages = paginateListTrainingJobs(
      { client: sagemaker, pageSize: 2 },
      { NameContains: 'LIST-', SortBy: 'Name', SortOrder: 'Ascending', StatusEquals: 'Failed' },
    );
    for await (const { TrainingJobSummaries = [] } of pages) {
      names.push(...TrainingJobSummaries.map(({ TrainingJobName }) => TrainingJobName));
    }
    assert.deepEqual(names, ['list-0', 'list-1', 'list-2', 'list-3', 'list-4']);
    const oldest = await sagemaker.send(new ListTrainingJobsCommand({ NameContains: 'list-', MaxResults: 1 }));
    assert.equal(oldest.TrainingJobSummaries?.[0]?.TrainingJobName, 'list-0');
    const newest = await sagemaker.send(
      new ListTrainingJobsCommand({ NameContains: 'list-', MaxResults: 1, SortOrder: 'Descending' }),
    );
    assert.equal(newest.TrainingJobSummaries?.[0]?.TrainingJobName, 'list-4');
    const CreationTimeAfter = newest.TrainingJobSummaries?.[0]?.CreationTime;
    const none = await sagemaker.send(new ListTrainingJobsCommand({ NameContains: 'list-', CreationTimeAfter }));
    assert.deepEqual([none.TrainingJobSummaries, none.NextToken], [[], undefined]);
    const completed = await sagemaker.send(
      new ListTrainingJobsCommand({ NameContains: 'list-', StatusEquals: 'Completed' }),
    );
    assert.deepEqual(completed.TrainingJobSummaries, []);
  });

  test('tags are set, changed, listed in pages and removed', async () => {
    const { sagemaker } = ground.aws;
    await create({ ...failing('tagged'), Tags: [{ Key: 'a', Value: '1' }] });
    const ResourceArn = arn('tagged');
    const { Tags } = await sagemaker.send(
      new AddTagsCommand({
        ResourceArn,
        Tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    const both = [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '' },
    ];
    assert.deepEqual(Tags, both);
    const first = await sagemaker.send(new ListTagsCommand({ ResourceArn, MaxResults: 50 }));
    assert.deepEqual([first.Tags, first.NextToken], [both, undefined]);
    await sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ['a', 'c'] }));
    assert.deepEqual((await sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags, [{ Key: 'b', Value: '' }]);
    const nobody = await refusal(sagemaker.send(new ListTagsCommand({ ResourceArn: arn('nobody') })));
    assert.equal(nobody.code, 'ValidationException');
  });
});
