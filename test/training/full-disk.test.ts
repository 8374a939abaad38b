/** The disk is full at chosen moments; `npm run soak` leaves jobs less and less room, whatever they are doing. */
import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
} from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../src/engine/index.ts';
import { startServerWith } from '../../src/server/start-server.ts';
import { faultyFileSystem } from '../../src/store/faulty-files.fixture.ts';
import { type FileSystem, nodeFileSystem } from '../../src/store/file-system.ts';
import { fileScope, type Scope, temporaryFolder } from '../server/running.ts';
import {
  type Aws,
  connectTo,
  type JobPlaces,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  until,
  uploadFolder,
} from './driver.ts';
import { mountDisk } from './full/disk.ts';
import { fullDisk, HyperParameters } from './full/jobs.ts';

/** Servers end before their disks are taken from them. */
function lastFirst(t: TestContext): Scope {
  return fileScope((work) => t.after(work));
}

interface Ground {
  readonly aws: Aws;
  readonly begin: (name: string, more?: Partial<JobPlaces>) => Promise<void>;
  readonly end: (name: string, more?: Partial<JobPlaces>) => Promise<DescribeTrainingJobResponse>;
}

/** A server with a role and pictures. */
async function openGround(scope: Scope, { home, files }: { home: string; files?: FileSystem }): Promise<Ground> {
  const pictures = join(home, 'pictures');
  await drawSample(pictures, { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 192 });
  const clock = { now: () => new Date() };
  const server = await startServerWith({ port: 0, state: join(home, 'state') }, { clock, ...(files && { files }) });
  scope.after(() => server.stop());
  const aws = connectTo(server);
  scope.after(async () => aws.close());
  const role = await makeRole(aws, 'training');
  await makeBucket(aws, 'story');
  await uploadFolder(aws, pictures, { bucket: 'story', prefix: 'photos/' });
  const places = { role, data: 's3://story/photos/', output: 's3://story/out' };
  const begin: Ground['begin'] = async (name, more) => {
    const request = trainingJob(name, { ...places, ...more, HyperParameters });
    await aws.sagemaker.send(new CreateTrainingJobCommand(request));
  };
  return {
    ...{ aws, begin },
    async end(name, more) {
      await begin(name, more);
      return trainingJobEnded(aws, name);
    },
  };
}

const phases = ({ SecondaryStatusTransitions: steps = [] }: DescribeTrainingJobResponse): string[] =>
  steps.map(({ Status }) => Status ?? '');

const completed = ({ TrainingJobStatus: status, FailureReason: reason }: DescribeTrainingJobResponse): void =>
  assert.equal(status, 'Completed', reason);

test('no room for the model is told as such, and the next job has it', {
  timeout: 60_000,
}, async (t) => {
  const scope = lastFirst(t);
  const files = faultyFileSystem(nodeFileSystem);
  const { aws, begin, end } = await openGround(scope, { home: await temporaryFolder(scope), files });
  await begin('model');
  const training = new DescribeTrainingJobCommand({ TrainingJobName: 'model' });
  await until(async () => (await aws.sagemaker.send(training)).SecondaryStatus === 'Training');
  files.arm('ENOSPC', 1);
  const model = await trainingJobEnded(aws, 'model');
  assert.deepEqual(phases(model), ['Starting', 'Downloading', 'Training', 'Uploading', 'Failed']);
  assert.match(model.FailureReason ?? '', fullDisk);
  assert.equal(model.ModelArtifacts?.S3ModelArtifacts ?? '', '');
  completed(await end('next'));
});

test('no room for a channel has others cleared away; one that is too large fails its job, and no other', {
  timeout: 60_000,
}, async (t) => {
  const scope = lastFirst(t);
  const home = await temporaryFolder(scope);
  // On a file system of its own, objects are copied there.
  const channels = join(home, 'state/sagemaker/channels');
  await mkdir(channels, { recursive: true, mode: 0o700 });
  const disk = await mountDisk(channels, 4, scope);
  if (typeof disk === 'string') return t.skip(disk);
  const { aws, end } = await openGround(scope, { home });
  const kept = async () => (await readdir(channels)).filter((name) => name !== 'ballast');

  completed(await end('first'));
  const [first, ...none] = await kept();
  assert.ok(first && none.length === 0);
  await disk.fill(64 * 1024);
  const { Contents: [one] = [] } = await aws.s3.send(
    new ListObjectsV2Command({ Bucket: 'story', Prefix: 'photos/train/' }),
  );
  await aws.s3.send(new DeleteObjectCommand({ Bucket: 'story', Key: one?.Key }));
  completed(await end('second'));
  const [second, ...others] = await kept();
  assert.ok(second && second !== first && others.length === 0, 'the channel of the first job made room');

  for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
    await aws.s3.send(
      new PutObjectCommand({ Bucket: 'story', Key: `large/${number}`, Body: Buffer.alloc(1 << 20, number) }),
    );
  }
  const large = await end('large', { data: 's3://story/large/' });
  assert.deepEqual(phases(large), ['Starting', 'Downloading', 'Failed']);
  assert.match(large.FailureReason ?? '', fullDisk);
  assert.deepEqual(await kept(), [], 'nothing half made stays');
  completed(await end('next'));
});
