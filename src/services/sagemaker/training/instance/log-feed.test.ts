import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openState, place, trainingRequest } from '../../state.fixture.ts';
import { metricHistory } from '../metric-history.ts';
import type { MetricValue } from '../metrics.ts';
import { insertTrainingJob } from '../record.ts';
import { createLogFeed } from './log-feed.ts';

test('what lines tell in a minute goes to CloudWatch at once, and what is left out of them is said in the log', async (t) => {
  const messages: string[] = [];
  const put: { readonly name: string; readonly values: readonly number[]; readonly time: Date }[] = [];
  const state = await openState(t, {
    logs: { append: (_, events) => void messages.push(...events.map(({ message }) => message)) },
    metrics: { put: (_, datum) => void put.push(datum) },
  });
  const now = new Date('2026-01-15T10:00:00Z');
  const job = insertTrainingJob(trainingRequest('dogs'), { place, now }, state.database);
  const value = (name: string, each: number, second: number): MetricValue => ({
    ...{ name, value: each, time: now.getTime() + second * 1000, epoch: null },
  });
  const batches = [[value('a', 1, 1), value('b', 2, 1), value('a', 3, 59), value('a', 4, 60)], [value('a', 5, 61)]];
  const feed = createLogFeed(
    job,
    {
      ...{ stream: 'dogs/algo-1-1', onMetrics: () => {} },
      read(_, tell) {
        if (batches.length === 2) tell('some are left out');
        return batches.shift() ?? [];
      },
    },
    state,
  );
  for (const line of ['first', 'second']) {
    feed.line(line);
    feed.flush();
  }
  assert.deepEqual(messages, ['first', 'some are left out', 'second']);
  assert.deepEqual(
    put.map(({ name, values, time }) => [name, values, time.toISOString().slice(14, 19)]),
    [
      ['a', [1, 3], '00:01'],
      ['b', [2], '00:01'],
      ['a', [4], '01:00'],
      ['a', [5], '01:01'],
    ],
  );
  assert.deepEqual(
    metricHistory(job, 'a', state).map((each) => each.value),
    [1, 3, 4, 5],
  );
});
