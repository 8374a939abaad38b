/** What somebody with few rights may try with training jobs, and what a hostile job may. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  DeleteTagsCommand,
  ListTagsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { requireRoom } from '../../src/services/sagemaker/open-jobs.ts';
import { insertTrainingJob } from '../../src/services/sagemaker/training/record.ts';
import { openLaboratory, place } from '../../src/services/sagemaker/tuning/laboratory.fixture.ts';
import { brief, type Ground, openGround } from '../conformance/sagemaker/ground.ts';
import { logOf } from '../training/driver.ts';
import { assumeNewRole, callerOf } from './client.ts';

let ground: Ground;
before(async () => {
  ground = await openGround();
});
after(() => ground.close());

const faultOf = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => assert.fail('it was allowed'),
    (error: Error) => error,
  );

describe('the environment of a request', { timeout: 60_000 }, () => {
  /** Loads code, also into bubblewrap, which is outside of its sandbox; leads the container to other folders; stands for the server's. */
  const hostile = {
    NODE_OPTIONS: '--import "data:text/javascript,console.log(String(process.pid).concat(%22 loaded%22))"',
    LD_PRELOAD: '/nowhere/loaded.so',
    LD_DEBUG: 'libs',
    SM_CHANNEL_TRAINING: '/usr',
    SM_MODEL_DIR: '/nowhere',
    SM_OUTPUT_DIR: '/nowhere',
    WHIPPET_LEDGER: '/nowhere',
    WHIPPET_HOSTS: '{"algo-1":"unix:/nowhere.sock"}',
    AWS_ENDPOINT_URL: 'http://nowhere.invalid',
    PATH: '/nowhere',
    WHIPPET_INSTANCE: 'another',
  };

  test('loads nothing and leads nowhere else, and is described as it was sent', async () => {
    const job = await ground.run('environment', { Environment: hostile });
    assert.equal(job.TrainingJobStatus, 'Completed', job.FailureReason);
    assert.deepEqual(job.Environment, hostile);
    const log = (await logOf(ground.aws, '/aws/sagemaker/TrainingJobs', 'environment/')).join('\n');
    assert.match(log, /^final epoch=/m);
    assert.doesNotMatch(log, /loaded/);
    assert.doesNotMatch(log, /ASIA|AKIA|SECRET/, 'no credentials in the log');
  });
});

describe('hyperparameters', { timeout: 60_000 }, () => {
  test('name no files outside of their channels', async () => {
    for (const [at, outside] of [{ labels: '../../../etc/passwd' }, { backbone: 'onnx:/etc/passwd' }].entries()) {
      const job = await ground.run(`outside-${at}`, { HyperParameters: { ...brief, ...outside } });
      assert.equal(job.TrainingJobStatus, 'Failed');
      assert.match(job.FailureReason ?? '', /within (its|the) channel/);
    }
  });
});

describe('tags', { timeout: 60_000 }, () => {
  test('of a job that a policy names are out of reach under any spelling of its name', async () => {
    await ground.run('Kept', { Tags: [{ Key: 'team', Value: 'a' }] });
    const { url, credentials } = ground.account.server;
    const arn = (name: string, partition = 'aws') =>
      `arn:${partition}:sagemaker:us-east-1:000000000000:training-job/${name}`;
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' },
        { Effect: 'Deny', Action: 'sagemaker:*Tags', Resource: arn('kept') },
      ],
    };
    const { keys } = await assumeNewRole(callerOf(url, credentials), 'tagger', { policy, url });
    const client = new SageMakerClient({ endpoint: url, region: 'us-east-1', credentials: keys, maxAttempts: 1 });
    try {
      const Tags = [{ Key: 'team', Value: 'b' }];
      for (const ResourceArn of [arn('kept'), arn('KEPT'), arn('Kept')]) {
        for (const command of [
          new AddTagsCommand({ ResourceArn, Tags }),
          new DeleteTagsCommand({ ResourceArn, TagKeys: ['team'] }),
          new ListTagsCommand({ ResourceArn }),
        ]) {
          assert.equal(
            (await faultOf(client.send(command as AddTagsCommand))).name,
            'AccessDeniedException',
            ResourceArn,
          );
        }
      }
      const elsewhere = new ListTagsCommand({ ResourceArn: arn('kept', 'aws-cn') });
      assert.match((await faultOf(client.send(elsewhere))).message, /Could not find/);
    } finally {
      client.destroy();
    }
  });
});

describe('expressions of metrics', () => {
  test('that take long to be written out are refused before they are', async () => {
    const { AlgorithmSpecification } = ground.job('x');
    const Regex = '(((((x?){999}){999}){999}){999})';
    const MetricDefinitions = [{ Name: 'm', Regex }];
    const request = ground.job('regex', {
      AlgorithmSpecification: { TrainingInputMode: 'File', ...AlgorithmSpecification, MetricDefinitions },
    });
    const fault = await faultOf(ground.aws.sagemaker.send(new CreateTrainingJobCommand(request)));
    assert.equal(fault.name, 'ValidationException');
    assert.match(fault.message, /repeats its parts too often/);
  });
});

describe('queues', () => {
  test('have an end', async (t) => {
    const { store } = await openLaboratory(t);
    const { database } = store;
    const request = ground.job('x') as Parameters<typeof insertTrainingJob>[0];
    const add = (number: number) =>
      insertTrainingJob({ ...request, TrainingJobName: `job-${number}` }, { place, now: new Date(0) }, database);
    database.transaction(() => {
      for (let number = 0; number < 999; number++) add(number);
    });
    requireRoom('training_jobs', database);
    const last = add(999);
    assert.throws(() => requireRoom('training_jobs', database), { code: 'ResourceLimitExceeded' });
    database.run(`UPDATE training_jobs SET status = 'Completed' WHERE id = ?`, last.id);
    requireRoom('training_jobs', database);
  });
});
