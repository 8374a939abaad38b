/** Kills a server, or an instance, at random moments of a training job, and looks at what the next server makes of it. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
} from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../src/engine/index.ts';
import { seededRandom } from '../../src/random/index.ts';
import {
  type Aws,
  connectTo,
  type Endpoint,
  fetchObject,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  uploadFolder,
} from '../training/driver.ts';

export interface TrainingKillOptions {
  /** Of the state and the pictures; used by all rounds. */
  readonly directory: string;
  readonly seed: string;
  readonly rounds: number;
}

export interface TrainingKillSummary {
  /** How often the job was taken up again. */
  restarts: number;
  completed: number;
}

interface KilledServer extends Endpoint {
  readonly child: ChildProcess;
}

/**
 * One job, on a server that is killed (SIGKILL) `rounds` times before it is let be. After each kill nothing of the job runs on, and the next
 * server has it at work again; at the end it is completed and its model there.
 * @throws AssertionError
 */
export async function killTraining({ directory, seed, rounds }: TrainingKillOptions): Promise<TrainingKillSummary> {
  const random = seededRandom(seed);
  const state = join(directory, 'state');
  const pictures = join(directory, 'pictures');
  await drawSample(pictures, { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 64 });
  const request = await begin(state, pictures);
  let last: DescribeTrainingJobResponse | undefined;
  for (let round = 0; round < rounds; round++) {
    const server = await start(state);
    const aws = connectTo(server);
    try {
      if (round === 0) await aws.sagemaker.send(new CreateTrainingJobCommand(request));
      await pause(300 + random.next() * 2_500);
      last = await describe(aws, request.TrainingJobName ?? '');
      assert.notEqual(last.TrainingJobStatus, 'Failed', last.FailureReason);
    } finally {
      aws.close();
      await kill(server);
    }
    await nothingRuns(state);
  }
  return finish(state, request.TrainingJobName ?? '');
}

async function begin(state: string, pictures: string) {
  const server = await start(state);
  const aws = connectTo(server);
  try {
    const role = await makeRole(aws, 'training');
    await makeBucket(aws, 'photos');
    await uploadFolder(aws, pictures, { bucket: 'photos', prefix: 'breeds/' });
    const HyperParameters = { backbone: 'scatter', epochs: '600', batch_size: '4', patience: '0', audit: 'false' };
    const Environment = { WHIPPET_CHECKPOINT_SECONDS: '1' };
    return trainingJob('killed', {
      role,
      data: 's3://photos/breeds/',
      output: 's3://photos/out',
      HyperParameters,
      Environment,
    });
  } finally {
    aws.close();
    server.child.kill('SIGTERM');
    await once(server.child, 'exit');
  }
}

/** Lets the job come to its end. */
async function finish(state: string, name: string): Promise<TrainingKillSummary> {
  const server = await start(state);
  const aws = connectTo(server);
  try {
    const job = await trainingJobEnded(aws, name);
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    const model = await fetchObject(aws, job.ModelArtifacts?.S3ModelArtifacts ?? '');
    assert.ok(model.length > 1000);
    const steps = job.SecondaryStatusTransitions ?? [];
    for (const { Status, EndTime } of steps) assert.ok(EndTime, `${Status} has not ended`);
    return { completed: 1, restarts: steps.filter(({ Status }) => Status === 'Restarting').length };
  } finally {
    aws.close();
    server.child.kill('SIGTERM');
    await once(server.child, 'exit');
    await nothingRuns(state);
  }
}

const describe = (aws: Aws, TrainingJobName: string) =>
  aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));

async function start(state: string): Promise<KilledServer> {
  const program = fileURLToPath(new URL('kill/server.ts', import.meta.url));
  const child = spawn(process.execPath, [program, state], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) return { child, ...(JSON.parse(line) as Endpoint) };
  throw new Error('The server did not start.');
}

async function kill({ child }: KilledServer): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Instances end with their server: by their standard input, or with the sandbox. */
async function nothingRuns(state: string): Promise<void> {
  for (;;) {
    const left = [];
    for (const id of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const words = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      if (words.includes('container') && words.includes(state)) left.push(id);
    }
    if (left.length === 0) return;
    await pause(50);
  }
}
