import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateTrainingJobCommand, DescribeTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import { endless } from '../conformance/sagemaker/ground.ts';
import { trainingJob, trainingJobEnded, until } from '../training/driver.ts';
import { fileScope } from './running.ts';
import { type JobServer, openJobServer, processesWith } from './sagemaker-jobs.ts';

let jobs: JobServer;
const scope = fileScope(after);
before(async () => {
  jobs = await openJobServer(scope);
});

test('MaxRuntimeInSeconds ends a job on two instances, and no process of it stays', {
  ...{ timeout: 60_000, skip: process.platform !== 'linux' && 'processes are looked for in /proc' },
}, async () => {
  const TrainingJobName = 'overtime-on-two';
  const instances = () => processesWith('container', 'train', `/jobs/${TrainingJobName}-`);
  const request = trainingJob(TrainingJobName, {
    ...{ ...jobs.places, HyperParameters: endless, StoppingCondition: { MaxRuntimeInSeconds: 5 } },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 },
  });
  await jobs.aws.sagemaker.send(new CreateTrainingJobCommand(request));
  const command = new DescribeTrainingJobCommand({ TrainingJobName });
  await until(async () => (await jobs.aws.sagemaker.send(command)).SecondaryStatus === 'Training');
  assert.ok(instances().length >= 2, 'both instances are at work');
  const job = await trainingJobEnded(jobs.aws, TrainingJobName);
  assert.deepEqual([job.TrainingJobStatus, job.SecondaryStatus], ['Stopped', 'MaxRuntimeExceeded'], job.FailureReason);
  const steps = job.SecondaryStatusTransitions?.map(({ Status }) => Status) ?? [];
  assert.deepEqual(steps.slice(-2), ['Stopping', 'MaxRuntimeExceeded']);
  assert.ok((job.TrainingTimeInSeconds ?? 0) >= 5, `${job.TrainingTimeInSeconds} seconds`);
  assert.deepEqual(instances(), []);
});
