/** Training jobs over the end of a server that is not killed, and what a killed one had left to upload. */
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../src/engine/index.ts';
import { hostTables } from '../../src/host/index.ts';
import { decisionTables } from '../../src/server/decisions.ts';
import { startServer } from '../../src/server/index.ts';
import { serviceTables } from '../../src/services/tables.ts';
import { openStore } from '../../src/store/index.ts';
import { endless } from '../conformance/sagemaker/ground.ts';
import {
  type Aws,
  connectTo,
  fetchObject,
  logOf,
  makeBucket,
  makeRole,
  trainingJob,
  trainingJobEnded,
  until,
  uploadFolder,
} from '../training/driver.ts';
import { temporaryFolder } from './running.ts';

async function withServer<Result>(state: string, work: (aws: Aws) => Promise<Result>): Promise<Result> {
  const server = await startServer({ port: 0, state });
  const aws = connectTo(server);
  try {
    return await work(aws);
  } finally {
    aws.close();
    await server.stop();
  }
}

const epochsOf = async (aws: Aws): Promise<number[]> =>
  // There is no group before the first line.
  (await logOf(aws, '/aws/sagemaker/TrainingJobs', 'job/').catch(() => [])).flatMap((line) => {
    const [, epoch] = /^epoch=(\d+)/.exec(line) ?? [];
    return epoch === undefined ? [] : [Number(epoch)];
  });

test('a job goes on after the server was stopped; what was not uploaded is uploaded', {
  timeout: 90_000,
}, async (t) => {
  const home = await temporaryFolder(t);
  const state = join(home, 'state');
  await drawSample(join(home, 'pictures'), { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 64 });
  await withServer(state, async (aws) => {
    const role = await makeRole(aws, 'training');
    await makeBucket(aws, 'photos');
    await uploadFolder(aws, join(home, 'pictures'), { bucket: 'photos', prefix: 'breeds/' });
    const places = { role, data: 's3://photos/breeds/', output: 's3://photos/out' };
    await aws.sagemaker.send(new CreateTrainingJobCommand(trainingJob('job', { ...places, HyperParameters: endless })));
    await aws.sagemaker.send(
      new CreateTrainingJobCommand(trainingJob('next', { ...places, HyperParameters: endless })),
    );
    await until(async () => (await epochsOf(aws)).length >= 3);
  });

  await withServer(state, async (aws) => {
    const before = (await epochsOf(aws)).length;
    await until(async () => (await epochsOf(aws)).length > before);
    const job = await aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'job' }));
    const steps = job.SecondaryStatusTransitions?.map(({ Status }) => Status) ?? [];
    assert.deepEqual(steps.slice(-4), ['Restarting', 'Starting', 'Downloading', 'Training']);
    const next = await aws.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'next' }));
    assert.equal(next.SecondaryStatus, 'Pending');
    await aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'next' }));
  });

  // As a server leaves it that is killed while it uploads.
  const [tree = ''] = (await readdir(join(state, 'sagemaker/jobs'))).filter((name) => name.startsWith('job-'));
  const model = join(state, 'sagemaker/jobs', tree, 'algo-1/opt/ml/model');
  await mkdir(model, { recursive: true });
  await writeFile(join(model, 'model.onnx'), 'the model');
  const store = await openStore({ directory: state, schemas: [decisionTables, hostTables, ...serviceTables] });
  const outcome = JSON.stringify({ status: 'Completed', secondary: 'Completed', model: true });
  store.database.run(`UPDATE training_jobs SET outcome = ?, secondary = 'Uploading' WHERE name = 'job'`, outcome);
  await store.close();

  await withServer(state, async (aws) => {
    const job = await trainingJobEnded(aws, 'job');
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    assert.ok((await fetchObject(aws, job.ModelArtifacts?.S3ModelArtifacts ?? '')).length > 20);
  });
  assert.deepEqual(await readdir(join(state, 'sagemaker/jobs')), []);
});
