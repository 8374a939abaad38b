import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type _Object, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateTransformJobCommand, DescribeTransformJobCommand } from '@aws-sdk/client-sagemaker';
import { logOf, transformJobEnded } from '../training/driver.ts';
import { fileScope } from './running.ts';
import { type JobServer, openJobServer, processesWith } from './sagemaker-jobs.ts';

let jobs: JobServer;
const scope = fileScope(after);
before(async () => {
  jobs = await openJobServer(scope);
  await jobs.makeModel('dogs');
});

async function create(name: string): Promise<void> {
  await jobs.aws.sagemaker.send(
    new CreateTransformJobCommand({
      TransformJobName: name,
      ModelName: 'dogs',
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://photos/breeds/train/' } },
      },
      TransformOutput: { S3OutputPath: `s3://photos/${name}` },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    }),
  );
}

async function results(name: string): Promise<_Object[]> {
  const list = new ListObjectsV2Command({ Bucket: 'photos', Prefix: `${name}/` });
  return (await jobs.aws.s3.send(list)).Contents ?? [];
}

/** Waits until a job is in the middle of its objects. */
async function underWay(name: string): Promise<void> {
  while ((await results(name)).length < 3) {
    const { TransformJobStatus } = await jobs.aws.sagemaker.send(
      new DescribeTransformJobCommand({ TransformJobName: name }),
    );
    assert.equal(TransformJobStatus, 'InProgress');
    await pause(5);
  }
}

test('a server that is started again goes on with the objects that are not done', { skip: onlyLinux() }, async () => {
  await create('again');
  await underWay('again');
  await jobs.restart();
  const before = new Map((await results('again')).map(({ Key, LastModified }) => [Key, LastModified?.getTime()]));
  assert.ok(before.size >= 3 && before.size < 36, `${before.size} of 36 are there`);
  const job = await transformJobEnded(jobs.aws, 'again');
  assert.equal(job.TransformJobStatus, 'Completed', job.FailureReason);
  const all = await results('again');
  assert.equal(all.length, 36);
  const kept = all.filter(({ Key, LastModified }) => before.get(Key) === LastModified?.getTime());
  // The one that was under way may have been written without a note of it.
  assert.ok(kept.length >= before.size - 1, `${kept.length} of ${before.size} are as they were`);
  const log = await logOf(jobs.aws, '/aws/sagemaker/TransformJobs', 'again/');
  const answered = log.filter((line) => line.includes('"path":"/invocations","status":200'));
  assert.ok(answered.length <= 37, `36 objects were asked about ${answered.length} times:\n${log.join('\n')}`);
});

test('an instance that is killed fails the job with the reason, and leaves no process', {
  skip: onlyLinux(),
}, async () => {
  await create('killed');
  await underWay('killed');
  const [instance] = processesWith('container', 'serve', 'killed-');
  assert.ok(instance);
  process.kill(instance, 'SIGKILL');
  const job = await transformJobEnded(jobs.aws, 'killed');
  assert.equal(job.TransformJobStatus, 'Failed');
  assert.match(job.FailureReason ?? '', /^AlgorithmError: The container of algo-1 ended: .*(SIGKILL|exit code: 137)/);
  assert.deepEqual(processesWith('container', 'serve', 'killed-'), []);
});

function onlyLinux(): string | false {
  return process.platform === 'linux' ? false : 'processes are found through /proc';
}
