import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { requestOf } from '../training/record.ts';
import { describeTuningJob } from './describe.ts';
import { type Fate, foundingSearch, type Laboratory, openLaboratory, place } from './laboratory.fixture.ts';
import { requireTuningJob, type TuningRequest } from './record.ts';
import { trialsOf, tunedOf } from './trials.ts';

/** An accuracy with its best at a learning rate of 0.01, with batches of 64. */
function accuracy({ learning_rate: rate = '', batch_size: batch = '' }: Readonly<Record<string, string>>): number {
  return 0.9 - 0.1 * (Math.log10(Number(rate)) + 2) ** 2 - 0.02 * Math.abs(Math.log2(Number(batch)) - 6);
}

const learns = (hyperparameters: Readonly<Record<string, string>>): Fate => {
  const reached = accuracy(hyperparameters);
  return { curve: [0.4, 0.6, 0.8, 0.95, 1].map((share) => share * reached), aboveChance: true };
};

function begin(lab: Laboratory, request: TuningRequest): void {
  lab.tuning.create(request, { place, now: new Date(lab.time * 1000) });
}

function described(lab: Laboratory, name: string) {
  const { database } = lab.store;
  return describeTuningJob(requireTuningJob(name, place, database), { database, now: new Date(lab.time * 1000) });
}

function trialsIn(lab: Laboratory, name: string) {
  return trialsOf(requireTuningJob(name, place, lab.store.database).id, lab.store.database);
}

async function opened(t: TestContext, ...requests: TuningRequest[]): Promise<Laboratory> {
  const lab = await openLaboratory(t);
  for (const request of requests) begin(lab, request);
  return lab;
}

test('the time that a search has taken is told by the clock, until it has ended', async (t) => {
  const lab = await opened(t, foundingSearch('dogs'));
  lab.time += 7;
  const told = () => described(lab, 'dogs').ConsumedResources?.RuntimeInSeconds;
  assert.equal(told(), 7);
  const began = lab.time - 7;
  lab.run(learns);
  const took = lab.time - began;
  lab.time += 100;
  assert.equal(told(), took);
});

test('trials are training jobs named after their tuning job, with tuned and static hyperparameters', async (t) => {
  const lab = await opened(t, foundingSearch('dogs'));
  const [job] = lab.running();
  assert.match(job?.name ?? '', /^dogs-001-[0-9a-f]{8}$/);
  const { HyperParameters, RoleArn, OutputDataConfig } = requestOf(job as { request: string });
  const { learning_rate, batch_size, ...fixed } = HyperParameters ?? {};
  assert.ok(Number(learning_rate) >= 0.001 && Number(learning_rate) <= 0.1);
  assert.ok(['32', '64', '128', '256'].includes(batch_size ?? ''));
  assert.deepEqual(fixed, { epochs: '5', _tuning_objective_metric: 'validation:accuracy' });
  assert.deepEqual(
    [RoleArn, OutputDataConfig.S3OutputPath],
    ['arn:aws:iam::000000000000:role/jobs', 's3://photos/out'],
  );
});

test('so many trials run at a time and in all as the limits say, and the best is named', async (t) => {
  const limits = { MaxNumberOfTrainingJobs: 8, MaxParallelTrainingJobs: 3 };
  const lab = await opened(t, foundingSearch('dogs', { ResourceLimits: limits }));
  let most = 0;
  assert.equal(lab.running().length, 1, 'the first has the machine for itself until there are features');
  const names = lab.run((hyperparameters) => {
    most = Math.max(most, lab.running().length);
    return learns(hyperparameters);
  });
  assert.deepEqual([names.length, most], [8, 3]);
  assert.equal(new Set(names).size, 8);
  const job = described(lab, 'dogs');
  assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
  assert.ok((job.HyperParameterTuningEndTime ?? 0) > (job.CreationTime ?? 0));
  assert.deepEqual(job.TrainingJobStatusCounters, {
    ...{ Completed: 8, InProgress: 0, RetryableError: 0, NonRetryableError: 0, Stopped: 0 },
  });
  assert.deepEqual(job.ObjectiveStatusCounters, { Succeeded: 8, Pending: 0, Failed: 0 });
  const values = trialsIn(lab, 'dogs').map((trial) => accuracy(tunedOf(trial)));
  const best = job.BestTrainingJob;
  const { Value, ...metric } = best?.FinalHyperParameterTuningJobObjectiveMetric ?? {};
  assert.deepEqual(metric, { Type: 'Maximize', MetricName: 'validation:accuracy' });
  assert.ok(Math.abs((Value ?? 0) - Math.max(...values)) < 1e-9);
  assert.ok(Math.abs(accuracy(best?.TunedHyperParameters ?? {}) - (Value ?? 0)) < 1e-9);
});

test('the same seed tries the same values, another one others', async (t) => {
  const lab = await openLaboratory(t);
  const tried = (name: string, RandomSeed: number) => {
    begin(lab, foundingSearch(name, { RandomSeed }));
    lab.run(learns);
    return trialsIn(lab, name).map(tunedOf);
  };
  const first = tried('first', 1);
  assert.deepEqual(tried('again', 1), first);
  assert.notDeepEqual(tried('other', 2), first);
});

test('a job that another server takes up loses and doubles no trial, and tries what it would have tried', async (t) => {
  const lab = await opened(t, foundingSearch('whole'));
  lab.run(learns);
  const whole = trialsIn(lab, 'whole').map(tunedOf);
  begin(lab, foundingSearch('broken'));
  lab.run((hyperparameters) => {
    lab.restart();
    return learns(hyperparameters);
  });
  assert.deepEqual(trialsIn(lab, 'broken').map(tunedOf), whole);
  assert.equal(described(lab, 'broken').HyperParameterTuningJobStatus, 'Completed');
});

test('a trial that ended while no server listened counts when the next one starts', async (t) => {
  const lab = await opened(
    t,
    foundingSearch('dogs', { ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1 } }),
  );
  lab.tuning.close();
  const [first] = lab.running();
  assert.ok(first);
  lab.finish(first, learns(requestOf(first).HyperParameters ?? {}));
  assert.equal(trialsIn(lab, 'dogs').length, 1);
  lab.restart();
  assert.equal(trialsIn(lab, 'dogs').length, 2);
  assert.notEqual(trialsIn(lab, 'dogs')[0]?.objective, null);
});

test('failed trials are tolerated; five in a row without a success end the job in AWS’s words and the first one’s', async (t) => {
  const lab = await opened(t, foundingSearch('some'));
  lab.run((hyperparameters, number) => (number % 2 === 0 ? { curve: [], fails: true } : learns(hyperparameters)));
  const some = described(lab, 'some');
  assert.equal(some.HyperParameterTuningJobStatus, 'Completed');
  assert.deepEqual([some.TrainingJobStatusCounters?.NonRetryableError, some.ObjectiveStatusCounters?.Failed], [4, 4]);

  begin(lab, foundingSearch('none'));
  assert.equal(
    lab.run(() => ({ curve: [0.5], fails: true })).length,
    5,
    'what they told before they failed is no success',
  );
  const none = described(lab, 'none');
  const first = trialsIn(lab, 'none')[0]?.name;
  assert.equal(none.HyperParameterTuningJobStatus, 'Failed');
  assert.equal(
    none.FailureReason,
    'No training job succeeded after 5 attempts. Please take a look at the training job failures to get more details. ' +
      `${first} failed: AlgorithmError: ${first} learnt nothing`,
  );
  assert.equal(none.BestTrainingJob, undefined);
});

test('trials that tell no objective have failed it, and the job says which expression found nothing', async (t) => {
  const ResourceLimits = { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1 };
  const lab = await opened(t, foundingSearch('mute', { ResourceLimits }));
  lab.run(() => ({ curve: [] }));
  const job = described(lab, 'mute');
  assert.deepEqual(job.ObjectiveStatusCounters, { Succeeded: 0, Pending: 0, Failed: 2 });
  assert.equal(job.HyperParameterTuningJobStatus, 'Failed');
  assert.equal(
    job.FailureReason,
    'No training job told its objective: in the logs of the 2 training jobs that completed, the expression ' +
      '"validation:accuracy=([-+0-9.eE]+)" of the metric "validation:accuracy" found no number. ' +
      'The container tells train:loss, validation:loss, validation:accuracy; they need no definition.',
  );

  begin(lab, foundingSearch('half', { ResourceLimits }));
  lab.run((_, number) => ({ curve: [], fails: number === 2 }));
  assert.match(
    described(lab, 'half').FailureReason ?? '',
    /^No training job told its objective: in the log of the one training job .* half-002-\w+ failed: AlgorithmError: half-002-/,
  );
});

test('trials that fall behind are stopped, keep their objective, and make no other search of it', async (t) => {
  const search = (name: string): TuningRequest =>
    foundingSearch(name, {
      TrainingJobEarlyStoppingType: 'Auto',
      ResourceLimits: { MaxNumberOfTrainingJobs: 12, MaxParallelTrainingJobs: 1 },
    });
  const diverges = ({ learning_rate: rate }: Readonly<Record<string, string>>) => Number(rate) > 0.02;
  const fate = (hyperparameters: Readonly<Record<string, string>>, overrun: number): Fate =>
    diverges(hyperparameters) ? { curve: [0.1, 0.1, 0.1, 0.2, 0.3], overrun } : learns(hyperparameters);
  const lab = await opened(t, search('early'));
  lab.run((hyperparameters) => fate(hyperparameters, 0));
  const trials = trialsIn(lab, 'early');
  const stopped = trials.filter(({ status }) => status === 'Stopped');
  assert.ok(stopped.length > 0 && stopped.length < trials.length, `${stopped.length} of ${trials.length} are stopped`);
  for (const trial of stopped) {
    assert.ok(diverges(tunedOf(trial)));
    assert.deepEqual([trial.stopped_after, trial.objective], [3, 0.1]);
  }
  const job = described(lab, 'early');
  assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
  assert.equal(job.ObjectiveStatusCounters?.Succeeded, 12);
  assert.equal(job.TrainingJobStatusCounters?.Stopped, stopped.length);

  // An instance may be through with another epoch or two when it hears that it shall stop.
  begin(lab, search('late'));
  lab.run((hyperparameters) => fate(hyperparameters, 2));
  assert.deepEqual(trialsIn(lab, 'late').map(tunedOf), trials.map(tunedOf));
  assert.deepEqual(
    trialsIn(lab, 'late').map(({ objective }) => objective),
    trials.map(({ objective }) => objective),
  );
});

test('a trial is compared with those that had ended when it was created, whatever has ended since', async (t) => {
  const limits = { MaxNumberOfTrainingJobs: 7, MaxParallelTrainingJobs: 4 };
  const search = foundingSearch('known', { TrainingJobEarlyStoppingType: 'Auto', ResourceLimits: limits });
  const lab = await opened(t, search);
  // Three trials end, and three are created; what they are then told of comes after the end of the third, and of the slow starter's.
  lab.run((_hyperparameters, number) => {
    if (number <= 3) return { curve: [0.6, 0.6, 0.6, 0.6] };
    return { curve: [0.1, 0.1, 0.1, 0.95] };
  });
  assert.deepEqual(
    trialsIn(lab, 'known').map((trial) => trial.stopped_after),
    [null, null, null, null, null, null, 3],
  );
  const { BestTrainingJob: best } = described(lab, 'known');
  assert.equal(best?.FinalHyperParameterTuningJobObjectiveMetric?.Value, 0.95);
});

test('without early stopping every trial runs to its end', async (t) => {
  const lab = await opened(
    t,
    foundingSearch('off', { ResourceLimits: { MaxNumberOfTrainingJobs: 12, MaxParallelTrainingJobs: 1 } }),
  );
  lab.run(learns);
  assert.equal(described(lab, 'off').TrainingJobStatusCounters?.Completed, 12);
});

test('a best model at chance is not named: the job fails and says so', async (t) => {
  const lab = await opened(t, foundingSearch('chance'));
  lab.run(() => ({ curve: [0.05], aboveChance: false }));
  const job = described(lab, 'chance');
  assert.equal(job.HyperParameterTuningJobStatus, 'Failed');
  assert.match(
    job.FailureReason ?? '',
    /^None of the 8 training jobs learnt more than which class is the largest\. The best, chance-/,
  );
  assert.equal(job.BestTrainingJob, undefined);
});

test('the best of many is held to the level divided by their number, as it was picked for its luck too', async (t) => {
  const lab = await openLaboratory(t);
  const statusWith = (name: string, pValue: number) => {
    begin(lab, foundingSearch(name));
    lab.run((_hyperparameters, number) =>
      number === 3 ? { curve: [0.6], pValue, aboveChance: true } : { curve: [0.5], pValue: 0.6, aboveChance: false },
    );
    const { HyperParameterTuningJobStatus: status, BestTrainingJob: best } = described(lab, name);
    return [status, best?.FinalHyperParameterTuningJobObjectiveMetric?.Value];
  };
  // Eight trials: a level of 0.00625.
  assert.deepEqual(statusWith('lucky', 0.007), ['Failed', undefined]);
  assert.deepEqual(statusWith('learnt', 0.006), ['Completed', 0.6]);
});

test('the best is one of those above chance, though one at chance has the better objective', async (t) => {
  const objective = { Type: 'Minimize', MetricName: 'validation:loss' } as const;
  const lab = await opened(t, foundingSearch('loss', { HyperParameterTuningJobObjective: objective }));
  const names = lab.run((_hyperparameters, number) =>
    number === 1 ? { curve: [0.5], pValue: 0.5 } : { curve: [0.6], pValue: 1e-6 },
  );
  const job = described(lab, 'loss');
  assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
  assert.equal(job.BestTrainingJob?.TrainingJobName, names[1]);
});

test('a target that is reached ends the job and what still runs', async (t) => {
  const limits = { MaxNumberOfTrainingJobs: 8, MaxParallelTrainingJobs: 2 };
  const criteria = { TargetObjectiveMetricValue: 0.5 };
  const lab = await opened(
    t,
    foundingSearch('target', { ResourceLimits: limits, TuningJobCompletionCriteria: criteria }),
  );
  lab.run((_hyperparameters, number) => ({ curve: [number === 3 ? 0.6 : 0.4] }));
  const job = described(lab, 'target');
  assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
  assert.deepEqual([job.TrainingJobStatusCounters?.Completed, job.TrainingJobStatusCounters?.Stopped], [3, 1]);
  assert.equal(job.BestTrainingJob?.FinalHyperParameterTuningJobObjectiveMetric?.Value, 0.6);
});

test('a best that is not bettered by one percent for so many trials ends the job', async (t) => {
  const criteria = { BestObjectiveNotImproving: { MaxNumberOfTrainingJobsNotImproving: 3 } };
  const lab = await opened(t, foundingSearch('flat', { TuningJobCompletionCriteria: criteria }));
  const names = lab.run((_hyperparameters, number) => ({ curve: [number === 1 ? 0.5 : 0.504] }));
  assert.equal(names.length, 4);
  const job = described(lab, 'flat');
  assert.equal(job.HyperParameterTuningJobStatus, 'Completed');
  assert.equal(job.TuningJobCompletionDetails?.NumberOfTrainingJobsObjectiveNotImproving, 3);
});

test('time that is over ends the job with the next thing that happens', async (t) => {
  const limits = { MaxNumberOfTrainingJobs: 8, MaxParallelTrainingJobs: 1, MaxRuntimeInSeconds: 120 };
  const lab = await opened(t, foundingSearch('slow', { ResourceLimits: limits }));
  const names = lab.run((_hyperparameters, number) => {
    if (number === 2) lab.time += 120;
    return { curve: [0.5] };
  });
  assert.equal(names.length, 2);
  assert.equal(described(lab, 'slow').HyperParameterTuningJobStatus, 'Completed');
});

test('a job that is stopped stops its trials first', async (t) => {
  const limits = { MaxNumberOfTrainingJobs: 8, MaxParallelTrainingJobs: 2 };
  const lab = await opened(t, foundingSearch('stop', { ResourceLimits: limits }));
  lab.prepare();
  lab.tuning.stop(requireTuningJob('stop', place, lab.store.database));
  assert.equal(described(lab, 'stop').HyperParameterTuningJobStatus, 'Stopping');
  assert.equal(lab.run(learns).length, 2);
  const job = described(lab, 'stop');
  assert.equal(job.HyperParameterTuningJobStatus, 'Stopped');
  assert.equal(job.TrainingJobStatusCounters?.Stopped, 2);
});

test('a grid tries each combination once, in order', async (t) => {
  const ranges = {
    CategoricalParameterRanges: [
      { Name: 'batch_size', Values: ['32', '64'] },
      { Name: 'optimizer', Values: ['"sgd"', '"adam"'] },
    ],
  };
  const limits = { MaxParallelTrainingJobs: 1 };
  const lab = await opened(
    t,
    foundingSearch('grid', { Strategy: 'Grid', ParameterRanges: ranges, ResourceLimits: limits }),
  );
  lab.run(() => ({ curve: [0.5] }));
  assert.deepEqual(
    trialsIn(lab, 'grid').map((trial) => Object.values(tunedOf(trial)).join(' ')),
    ['32 "sgd"', '32 "adam"', '64 "sgd"', '64 "adam"'],
  );
  assert.equal(described(lab, 'grid').HyperParameterTuningJobStatus, 'Completed');
});

test('a search that has no further point ends before its limit', async (t) => {
  const ranges = { IntegerParameterRanges: [{ Name: 'epochs_more', MinValue: '1', MaxValue: '3' }] };
  const lab = await opened(t, foundingSearch('small', { ParameterRanges: ranges }));
  assert.equal(lab.run(() => ({ curve: [0.5] })).length, 3);
  assert.equal(described(lab, 'small').HyperParameterTuningJobStatus, 'Completed');
});
