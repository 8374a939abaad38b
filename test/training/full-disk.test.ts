import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
} from '@aws-sdk/client-sagemaker';
import { drawSample } from '../../src/engine/index.ts';
import { startServerWith } from '../../src/server/start-server.ts';
import { faultyFileSystem } from '../../src/store/faulty-files.fixture.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import { fileScope, type Scope, temporaryFolder } from '../server/running.ts';
import { connectTo, makeBucket, makeRole, trainingJob, trainingJobEnded, uploadFolder } from './driver.ts';
import { fillUnderJobs, fullDisk, HyperParameters } from './full/jobs.ts';

/** Servers end before their disks are taken from them. */
function lastFirst(t: TestContext): Scope {
  return fileScope((work) => t.after(work));
}

/** `npm run soak` fills it to more levels. */
test('a full disk fails a job with that reason, and the next one works when there is room', {
  timeout: 120_000,
}, async (t) => {
  const failed = await fillUnderJobs(lastFirst(t), { rooms: [0, 512], tell: (text) => t.diagnostic(text) });
  if (typeof failed === 'string') t.skip(failed);
});

test('no room for the model is told as such, and the next job has it', {
  timeout: 60_000,
}, async (t) => {
  const scope = lastFirst(t);
  const home = await temporaryFolder(scope);
  const pictures = join(home, 'pictures');
  await drawSample(pictures, { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 192 });
  const files = faultyFileSystem(nodeFileSystem);
  const clock = { now: () => new Date() };
  const server = await startServerWith({ port: 0, state: join(home, 'state') }, { clock, files });
  scope.after(() => server.stop());
  const aws = connectTo(server);
  scope.after(async () => aws.close());
  const role = await makeRole(aws, 'training');
  await makeBucket(aws, 'story');
  await uploadFolder(aws, pictures, { bucket: 'story', prefix: 'photos/' });
  const places = { role, data: 's3://story/photos/', output: 's3://story/out' };

  const begin = async (TrainingJobName: string): Promise<void> => {
    const request = trainingJob(TrainingJobName, { ...places, HyperParameters });
    await aws.sagemaker.send(new CreateTrainingJobCommand(request));
  };
  const phases = ({ SecondaryStatusTransitions: steps = [] }: DescribeTrainingJobResponse): string[] =>
    steps.map(({ Status }) => Status ?? '');

  await begin('model');
  const training = new DescribeTrainingJobCommand({ TrainingJobName: 'model' });
  while ((await aws.sagemaker.send(training)).SecondaryStatus !== 'Training');
  files.arm('ENOSPC', 1);
  const model = await trainingJobEnded(aws, 'model');
  assert.deepEqual(phases(model), ['Starting', 'Downloading', 'Training', 'Uploading', 'Failed']);
  assert.match(model.FailureReason ?? '', fullDisk);
  assert.equal(model.ModelArtifacts?.S3ModelArtifacts ?? '', '');

  await begin('next');
  const next = await trainingJobEnded(aws, 'next');
  assert.equal(next.TrainingJobStatus, 'Completed', next.FailureReason);
});
