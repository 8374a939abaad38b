import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateHyperParameterTuningJobCommand,
  ListTrainingJobsForHyperParameterTuningJobCommand,
} from '@aws-sdk/client-sagemaker';
import { trainingJob, tuningJobEnded } from '../training/driver.ts';
import { fileScope } from './running.ts';
import { type JobServer, openJobServer } from './sagemaker-jobs.ts';

let jobs: JobServer;
const scope = fileScope(after);
before(async () => {
  jobs = await openJobServer(scope);
});

async function create(name: string): Promise<void> {
  const { TrainingJobName: _, AlgorithmSpecification: _algorithm, ...job } = trainingJob('x', jobs.places);
  await jobs.aws.sagemaker.send(
    new CreateHyperParameterTuningJobCommand({
      HyperParameterTuningJobName: name,
      HyperParameterTuningJobConfig: {
        Strategy: 'Random',
        HyperParameterTuningJobObjective: { Type: 'Minimize', MetricName: 'validation:loss' },
        ResourceLimits: { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 },
        ParameterRanges: {
          ContinuousParameterRanges: [{ Name: 'learning_rate', MinValue: '0.001', MaxValue: '0.1' }],
        },
        RandomSeed: 3,
      },
      TrainingJobDefinition: {
        ...(job as Required<typeof job>),
        AlgorithmSpecification: { TrainingImage: 'whippet', TrainingInputMode: 'File' },
        StaticHyperParameters: { backbone: 'scatter', epochs: '3' },
      },
    }),
  );
}

async function trials(name: string) {
  const command = new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: name });
  return (await jobs.aws.sagemaker.send(command)).TrainingJobSummaries ?? [];
}

test('a server that is started again goes on with the search: no trial is lost, doubled or another one', async () => {
  await create('whole');
  await tuningJobEnded(jobs.aws, 'whole');
  const whole = await trials('whole');

  await create('broken');
  // In the middle of the second trial.
  while ((await trials('broken')).length < 2) await pause(20);
  const [, second] = await trials('broken');
  await jobs.restart();
  const job = await tuningJobEnded(jobs.aws, 'broken');
  assert.match(`${job.HyperParameterTuningJobStatus} ${job.FailureReason}`, /^(Completed|Failed None of the 3)/);
  const broken = await trials('broken');
  assert.deepEqual(
    broken.map(({ TunedHyperParameters }) => TunedHyperParameters),
    whole.map(({ TunedHyperParameters }) => TunedHyperParameters),
  );
  assert.equal(broken[1]?.TrainingJobName, second?.TrainingJobName);
  const objectives = (list: typeof whole) =>
    list.map((trial) => trial.FinalHyperParameterTuningJobObjectiveMetric?.Value);
  assert.deepEqual(objectives(broken), objectives(whole));
});
