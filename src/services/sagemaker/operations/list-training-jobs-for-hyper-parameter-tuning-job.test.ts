import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HyperParameterTrainingJobSummary, OrderKey } from '@aws-sdk/client-sagemaker';
import type { Call } from '../../operation.ts';
import type { SageMakerContext } from '../context.ts';
import { describeTuningJob } from '../tuning/describe.ts';
import { type Fate, foundingSearch, openLaboratory, place } from '../tuning/laboratory.fixture.ts';
import { requireTuningJob } from '../tuning/record.ts';
import { listTrainingJobsForHyperParameterTuningJob as list } from './list-training-jobs-for-hyper-parameter-tuning-job.ts';

const wins = { Maximize: 'Descending', Minimize: 'Ascending' } as const;

/** A search over trials of these fates, one after another; what is listed by objective, so many at a time. */
async function searched(t: TestContext, Type: 'Maximize' | 'Minimize', fates: readonly Fate[]) {
  const lab = await openLaboratory(t);
  const search = foundingSearch('dogs', {
    HyperParameterTuningJobObjective: { Type, MetricName: 'validation:accuracy' },
    ResourceLimits: { MaxNumberOfTrainingJobs: fates.length, MaxParallelTrainingJobs: 1 },
  });
  lab.tuning.create(search, { place, now: new Date(lab.time * 1000) });
  lab.run((_hyperparameters, number) => fates[number - 1] as Fate);
  const { database } = lab.store;
  const page = (SortOrder: OrderKey, NextToken?: string) => {
    const request = { HyperParameterTuningJobName: 'dogs', SortBy: 'FinalObjectiveMetricValue' as const, SortOrder };
    const input = { ...request, MaxResults: 2, ...(NextToken !== undefined && { NextToken }) };
    // All that this operation looks at.
    return list.run(input, place as Call, { database } as SageMakerContext);
  };
  return {
    job: describeTuningJob(requireTuningJob('dogs', place, database), { database, now: new Date(lab.time * 1000) }),
    async listed(order: OrderKey): Promise<HyperParameterTrainingJobSummary[]> {
      const trials: HyperParameterTrainingJobSummary[] = [];
      let token: string | undefined;
      do {
        const { TrainingJobSummaries = [], NextToken } = await page(order, token);
        trials.push(...TrainingJobSummaries);
        token = NextToken;
      } while (token !== undefined);
      return trials;
    },
  };
}

const numberOf = ({ TrainingJobName = '' }: HyperParameterTrainingJobSummary): number =>
  Number(/-(\d{3})-/.exec(TrainingJobName)?.[1]);
const reaches = (value: number): Fate => ({ curve: [value] });

for (const direction of ['Maximize', 'Minimize'] as const) {
  test(`${direction}: of trials with equal objectives the earliest is the best and the first of the list`, async (t) => {
    const best = direction === 'Maximize' ? 0.75 : 0.25;
    const fates = [0.5, best, 0.5, best, best].map(reaches);
    const { job, listed } = await searched(t, direction, fates);
    const sorted = await listed(wins[direction]);
    assert.deepEqual(sorted.map(numberOf), [2, 4, 5, 1, 3]);
    assert.deepEqual(sorted[0], job.BestTrainingJob);
    const turned = await listed(direction === 'Maximize' ? 'Ascending' : 'Descending');
    assert.deepEqual(turned.map(numberOf), [1, 3, 2, 4, 5]);
  });

  test(`${direction}: a trial that failed after it had told the best objective is no best`, async (t) => {
    const fates = [{ curve: [direction === 'Maximize' ? 0.9 : 0.1], fails: true }, reaches(0.5), reaches(0.5)];
    const { job, listed } = await searched(t, direction, fates);
    const sorted = await listed(wins[direction]);
    assert.deepEqual(sorted.map(numberOf), [2, 3]);
    assert.deepEqual(sorted[0], job.BestTrainingJob);
  });
}
