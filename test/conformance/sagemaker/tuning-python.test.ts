/** The life cycle through boto3, old and new, and what it is made of through the AWS CLI. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { awsCli, boto3Runs } from '../python/clients.ts';

boto3Runs(join(import.meta.dirname, 'tuning.py'), ['sagemaker']);

awsCli('makes a model, asks for a search and a transform that cannot work, and reads why', [], async (aws) => {
  const sagemaker = (command: string, ...argv: string[]) => aws('sagemaker', command, ...argv);
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const named = ['--role-name', 'jobs', '--assume-role-policy-document', trust];
  const role = await aws('iam', 'create-role', ...named, '--query', 'Role.Arn');
  const place = 'arn:aws:sagemaker:us-east-1:000000000000';

  const model = ['--model-name', 'cli'];
  const container = ['--primary-container', 'Image=whippet,ModelDataUrl=s3://nowhere/model.tar.gz'];
  const made = await sagemaker('create-model', ...model, ...container, '--execution-role-arn', role);
  assert.equal(made, `${place}:model/cli`);
  const image = ['--query', 'PrimaryContainer.[Image,ModelDataUrl]'];
  assert.equal(await sagemaker('describe-model', ...model, ...image), 'whippet\ts3://nowhere/model.tar.gz');
  assert.equal(await sagemaker('list-models', '--query', 'Models[].ModelName'), 'cli');

  const source = { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://nowhere/pictures/' } };
  const transform = [
    ...['--transform-job-name', 'cli', ...model, '--transform-input', JSON.stringify({ DataSource: source })],
    ...['--transform-output', 'S3OutputPath=s3://nowhere/out'],
    ...['--transform-resources', 'InstanceType=ml.m5.large,InstanceCount=1'],
  ];
  await assert.rejects(
    sagemaker('create-transform-job', ...transform),
    /ValidationException.*No S3 objects found under/s,
  );
  assert.equal(await sagemaker('list-transform-jobs', '--query', 'TransformJobSummaries'), '');

  const config = {
    Strategy: 'Random',
    HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'validation:accuracy' },
    ResourceLimits: { MaxNumberOfTrainingJobs: 1, MaxParallelTrainingJobs: 1 },
    ParameterRanges: { ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue: '0.001', MaxValue: '0.1' }] },
  };
  const definition = {
    AlgorithmSpecification: { TrainingImage: 'whippet', TrainingInputMode: 'File' },
    RoleArn: role,
    InputDataConfig: [{ ChannelName: 'training', DataSource: source }],
    OutputDataConfig: { S3OutputPath: 's3://nowhere/out' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
  };
  const search = ['--hyper-parameter-tuning-job-name', 'cli'];
  const asked = [
    ...['--hyper-parameter-tuning-job-config', JSON.stringify(config)],
    ...['--training-job-definition', JSON.stringify(definition)],
  ];
  const arn = await sagemaker('create-hyper-parameter-tuning-job', ...search, ...asked);
  assert.equal(arn, `${place}:hyper-parameter-tuning-job/cli`);
  const status = () =>
    sagemaker(
      'describe-hyper-parameter-tuning-job',
      ...search,
      '--query',
      '[HyperParameterTuningJobStatus,FailureReason]',
    );
  while ((await status()).startsWith('InProgress'));
  assert.match(await status(), /^Failed\tNo training job succeeded after 1 attempts\./);
  const reason = ['--query', 'TrainingJobSummaries[].[TrainingJobStatus,ObjectiveStatus,FailureReason]'];
  assert.match(
    await sagemaker('list-training-jobs-for-hyper-parameter-tuning-job', ...search, ...reason),
    /^Failed\tFailed\tClientError: Data download failed: NoSuchBucket/,
  );
  await assert.rejects(
    sagemaker('stop-hyper-parameter-tuning-job', ...search),
    /ValidationException.*in status Failed/,
  );
  assert.equal(await sagemaker('delete-model', ...model), '');
  await assert.rejects(sagemaker('describe-model', ...model), /ValidationException.*Could not find model/);
});
