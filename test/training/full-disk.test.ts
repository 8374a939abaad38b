/** Training jobs on a disk that has no more room, at whatever moment that is. */
import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateTrainingJobCommand, DescribeTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../src/engine/index.ts';
import { fileScope, type Scope, temporaryFolder } from '../server/running.ts';
import { type Aws, connectTo, makeBucket, makeRole, trainingJob, trainingJobEnded, uploadFolder } from './driver.ts';
import { mountDisk, type SmallDisk } from './full/disk.ts';
import { kill, startKillable } from './kill/server.ts';

const HyperParameters = { backbone: 'scatter', epochs: '5', audit: 'false', seed: '3' };
const kibibyte = 1024;

test('a full disk fails the job with that reason, and the next one works when there is room', {
  timeout: 120_000,
}, async (t) => {
  const ground = await prepare(t);
  if (typeof ground === 'string') return t.skip(ground);
  const { disk, aws, places } = ground;
  const phases = new Set<string>();
  for (const room of (process.env.ROOMS ?? '0,64,256,512,1024,2048').split(',').map(Number)) {
    await disk.fill(room * kibibyte);
    const name = `full-${room}`;
    const refusal = await create(aws, trainingJob(name, { ...places, HyperParameters }));
    const early = refusal ?? (await endedWithin(aws, name, 6_000));
    t.diagnostic(`${room} KiB: ${early}`);
    await disk.release();
    if (refusal === undefined) {
      const job = await trainingJobEnded(aws, name);
      const steps = job.SecondaryStatusTransitions?.map(({ Status }) => Status) ?? [];
      t.diagnostic(`${room} KiB: ${job.TrainingJobStatus} ${steps} ${job.FailureReason}`);
      phases.add(steps.at(-2) ?? '');
      if (job.TrainingJobStatus !== 'Completed') assert.match(job.FailureReason ?? '', /disk|space|room|ENOSPC/);
    }
    await works(ground, `next-${room}`);
  }
});

/** Servers end before the disks are taken from them. */
function lastFirst(t: TestContext): Scope {
  return fileScope((work) => t.after(work));
}

interface Ground {
  readonly disk: SmallDisk;
  readonly aws: Aws;
  readonly places: { readonly role: string; readonly data: string; readonly output: string };
  readonly state: string;
  /** Pictures of classes that have others: each job is given one less, so that its channel has to be made. */
  readonly dispensable: string[];
}

async function prepare(t: TestContext): Promise<Ground | string> {
  const scope = lastFirst(t);
  const home = await temporaryFolder(scope);
  const mounted = join(home, 'disk');
  const temporary = join(home, 'tmp');
  const pictures = join(home, 'pictures');
  for (const folder of [mounted, temporary]) await mkdir(folder);
  const disk = await mountDisk(mounted, 64, scope);
  if (typeof disk === 'string') return disk;
  await drawSample(pictures, { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 48 });
  const state = join(mounted, 'state');
  const server = await startKillable({ state, temporary, log: join(home, 'log') });
  const aws = connectTo(server);
  scope.after(async () => {
    aws.close();
    await kill(server.child, 'SIGTERM');
  });
  const role = await makeRole(aws, 'training');
  await makeBucket(aws, 'story');
  await uploadFolder(aws, pictures, { bucket: 'story', prefix: 'photos/' });
  const { Contents: found = [] } = await aws.s3.send(
    new ListObjectsV2Command({ Bucket: 'story', Prefix: 'photos/train/' }),
  );
  const ground = {
    ...{ disk, aws, state, dispensable: found.flatMap(({ Key }, at) => (at % 3 === 0 ? [Key ?? ''] : [])) },
    places: { role, data: 's3://story/photos/', output: 's3://story/out' },
  };
  await works(ground, 'first');
  return ground;
}

/** A job completes, and leaves nothing on the disk but its model. The pictures of the next one are others. */
async function works({ aws, places, state, dispensable }: Ground, name: string): Promise<void> {
  await aws.sagemaker.send(new CreateTrainingJobCommand(trainingJob(name, { ...places, HyperParameters })));
  const job = await trainingJobEnded(aws, name);
  assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
  await aws.s3.send(new DeleteObjectCommand({ Bucket: 'story', Key: dispensable.pop() ?? '' }));
  while ((await readdir(join(state, 'sagemaker/jobs'))).length > 0) await pause(10);
}

/** @returns how it was refused, undefined where it was not. */
async function create(aws: Aws, request: ReturnType<typeof trainingJob>): Promise<string | undefined> {
  try {
    await aws.sagemaker.send(new CreateTrainingJobCommand(request));
    return undefined;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    assert.equal($metadata?.httpStatusCode, 503, `${name}: ${message}`);
    return `refused: ${name}: ${message}`;
  }
}

async function endedWithin(aws: Aws, name: string, milliseconds: number): Promise<string> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const job = await aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    if (/^(Completed|Failed)$/.test(job.TrainingJobStatus ?? '')) return 'ended';
    if (performance.now() > deadline) return `waits in ${job.SecondaryStatus}`;
    await pause(50);
  }
}
