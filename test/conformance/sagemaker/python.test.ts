/** SageMaker through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { awsCli, boto3Runs } from '../python/clients.ts';

boto3Runs(join(import.meta.dirname, 'training.py'), []);

awsCli('asks for a training job, looks at it, tags it and stops it', [], async (aws) => {
  const sagemaker = (command: string, ...argv: string[]) => aws('sagemaker', command, ...argv);
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const named = ['--role-name', 'training', '--assume-role-policy-document', trust];
  const role = await aws('iam', 'create-role', ...named, '--query', 'Role.Arn');
  const everything = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
  await aws('iam', 'attach-role-policy', '--role-name', 'training', '--policy-arn', everything);
  // Nothing but the mark of a folder: the job is taken and fails.
  await aws('s3api', 'create-bucket', '--bucket', 'bare');
  await aws('s3api', 'put-object', '--bucket', 'bare', '--key', 'x/');
  const source = { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://bare/x/' } };
  const job = ['--training-job-name', 'cli'];
  const create = [
    ...[...job, '--role-arn', role, '--algorithm-specification', 'TrainingImage=whippet,TrainingInputMode=File'],
    ...['--input-data-config', JSON.stringify([{ ChannelName: 'training', DataSource: source }])],
    ...['--output-data-config', 'S3OutputPath=s3://bare/out', '--hyper-parameters', 'epochs=3'],
    ...['--resource-config', 'InstanceType=ml.m5.large,InstanceCount=1,VolumeSizeInGB=1'],
    ...['--stopping-condition', 'MaxRuntimeInSeconds=60'],
  ];
  const arn = 'arn:aws:sagemaker:us-east-1:000000000000:training-job/cli';
  assert.equal(await sagemaker('create-training-job', ...create), arn);
  const status = () => sagemaker('describe-training-job', ...job, '--query', 'TrainingJobStatus');
  while ((await status()) === 'InProgress');
  assert.equal(await status(), 'Failed');
  const reason = await sagemaker('describe-training-job', ...job, '--query', 'FailureReason');
  assert.match(reason, /^ClientError: No S3 objects found under S3 URL "s3:\/\/bare\/x\/"/);
  assert.equal(await sagemaker('list-training-jobs', '--query', 'TrainingJobSummaries[].TrainingJobName'), 'cli');
  await sagemaker('add-tags', '--resource-arn', arn, '--tags', 'Key=a,Value=1', 'Key=b,Value=2');
  await sagemaker('delete-tags', '--resource-arn', arn, '--tag-keys', 'a');
  assert.equal(await sagemaker('list-tags', '--resource-arn', arn, '--query', 'Tags[].[Key,Value]'), 'b\t2');
  await assert.rejects(sagemaker('stop-training-job', ...job), /ValidationException.*in status Failed/);
  await assert.rejects(sagemaker('create-training-job', ...create), /ResourceInUse/);
  await aws('s3api', 'delete-object', '--bucket', 'bare', '--key', 'x/');
  await assert.rejects(sagemaker('create-training-job', ...create), /ValidationException.*No S3 objects found under/s);
});
