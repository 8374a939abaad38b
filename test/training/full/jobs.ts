/** Training jobs on a disk that has no more room, at whatever moment that is. */
import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { CreateTrainingJobCommand, DescribeTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../../src/engine/index.ts';
import { type Scope, temporaryFolder } from '../../server/running.ts';
import { type Aws, connectTo, makeBucket, makeRole, trainingJob, trainingJobEnded, uploadFolder } from '../driver.ts';
import { kill, startKillable } from '../kill/server.ts';
import { mountDisk, type SmallDisk } from './disk.ts';

export const HyperParameters = { backbone: 'scatter', epochs: '5', audit: 'false', seed: '3' };

/** Words for a full disk, of the server and of the container. */
export const fullDisk = /disk (of the server )?is full/;

export interface FullDiskOptions {
  /** KiB that are left to a job. */
  readonly rooms: readonly number[];
  readonly tell: (text: string) => void;
}

/**
 * A job in each of these rooms: it completes, fails for the disk, or is refused. When there is room again it has ended, and the next one
 * completes.
 * @returns how many failed, or why this cannot be done here.
 * @throws AssertionError
 */
export async function fillUnderJobs(scope: Scope, { rooms, tell }: FullDiskOptions): Promise<number | string> {
  const ground = await prepare(scope);
  if (typeof ground === 'string') return ground;
  const { disk, aws, places } = ground;
  let failed = 0;
  for (const room of rooms) {
    await disk.fill(room * 1024);
    const name = `full-${room}`;
    const refusal = await create(aws, trainingJob(name, { ...places, HyperParameters }));
    if (refusal === undefined) await endsOrWaits(aws, name);
    await disk.release();
    if (refusal === undefined) {
      const job = await trainingJobEnded(aws, name);
      const { TrainingJobStatus: status, FailureReason: reason = '', SecondaryStatusTransitions: steps = [] } = job;
      tell(`${room} KiB: ${steps.map(({ Status }) => Status).join(', ')} ${reason}`);
      if (status === 'Completed') continue;
      failed++;
      assert.match(reason, fullDisk);
    } else tell(`${room} KiB: ${refusal}`);
    await works(ground, `next-${room}`);
  }
  return failed;
}

interface Ground {
  readonly disk: SmallDisk;
  readonly aws: Aws;
  readonly places: { readonly role: string; readonly data: string; readonly output: string };
  readonly state: string;
  /** Pictures of classes that have others: each job is given one less, so that its channel has to be made. */
  readonly dispensable: string[];
}

async function prepare(scope: Scope): Promise<Ground | string> {
  const home = await temporaryFolder(scope);
  const mounted = join(home, 'disk');
  const temporary = join(home, 'tmp');
  const pictures = join(home, 'pictures');
  for (const folder of [mounted, temporary]) await mkdir(folder);
  const disk = await mountDisk(mounted, 64, scope);
  if (typeof disk === 'string') return disk;
  await drawSample(pictures, { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 192 });
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
  const list = new ListObjectsV2Command({ Bucket: 'story', Prefix: 'photos/train/' });
  const { Contents: found = [] } = await aws.s3.send(list);
  const ground = {
    ...{ disk, aws, state, dispensable: found.flatMap(({ Key }, at) => (at % 3 === 0 ? [Key ?? ''] : [])) },
    places: { role, data: 's3://story/photos/', output: 's3://story/out' },
  };
  await works(ground, 'first');
  return ground;
}

/** A job completes, and leaves nothing of its own on the disk. The pictures of the next one are others. */
async function works({ aws, places, state, dispensable }: Ground, name: string): Promise<void> {
  await aws.sagemaker.send(new CreateTrainingJobCommand(trainingJob(name, { ...places, HyperParameters })));
  const job = await trainingJobEnded(aws, name);
  assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
  const key = dispensable.pop();
  assert.ok(key, 'there are more rooms than classes');
  await aws.s3.send(new DeleteObjectCommand({ Bucket: 'story', Key: key }));
  while ((await readdir(join(state, 'sagemaker/jobs'))).length > 0) await pause(10);
}

/** @returns how it was refused, undefined where it was not. */
async function create(aws: Aws, request: ReturnType<typeof trainingJob>): Promise<string | undefined> {
  try {
    await aws.sagemaker.send(new CreateTrainingJobCommand(request));
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    assert.equal(name, 'ServiceUnavailable');
    assert.match(message, fullDisk);
    return `refused: ${message}`;
  }
}

/** For one whose end cannot be written down. */
const patienceMilliseconds = 4_000;

async function endsOrWaits(aws: Aws, TrainingJobName: string): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds;
  while (performance.now() < deadline) {
    const job = await aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    if (/^(Completed|Failed)$/.test(job.TrainingJobStatus ?? '')) return;
    await pause(50);
  }
}
