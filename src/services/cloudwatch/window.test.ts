import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStatistic } from './summary.ts';
import { isPeriod, windowOf } from './window.ts';

const now = new Date('2026-06-30T12:00:00Z');
const started = (start: string, period: number) =>
  new Date(windowOf({ start: new Date(start), end: now, period }, now).start * 1000).toISOString();

// The examples of GetMetricStatistics' StartTime.
for (const { start, period, rounded } of [
  { start: '2026-06-30T10:32:34Z', period: 60, rounded: '2026-06-30T10:32:00.000Z' },
  { start: '2026-06-30T10:32:34Z', period: 3600, rounded: '2026-06-30T10:32:00.000Z' },
  { start: '2026-06-10T12:32:34Z', period: 300, rounded: '2026-06-10T12:30:00.000Z' },
  { start: '2026-03-10T12:32:34Z', period: 3600, rounded: '2026-03-10T12:00:00.000Z' },
  { start: '2026-06-30T11:05:23Z', period: 10, rounded: '2026-06-30T11:05:20.000Z' },
  { start: '2026-06-30T11:05:23.500Z', period: 1, rounded: '2026-06-30T11:05:23.000Z' },
]) {
  test(`a start of ${start} with a period of ${period} becomes ${rounded}`, () =>
    assert.equal(started(start, period), rounded));
}

test('periods are 1, 5, 10, 20, 30 and multiples of 60', () => {
  assert.deepEqual([1, 5, 10, 20, 30, 60, 120, 86_400].filter(isPeriod).length, 8);
  assert.deepEqual([0, -60, 2, 15, 45, 90, 61].filter(isPeriod), []);
});

test('statistics are read by name, percentiles with decimals', () => {
  assert.deepEqual(parseStatistic('Average'), { name: 'Average' });
  for (const [text, percent] of [
    ['p0', 0],
    ['p50', 50],
    ['p99.95', 99.95],
    ['p100', 100],
    ['p100.0', 100],
  ] as const) {
    assert.deepEqual(parseStatistic(text), { percent });
  }
  for (const text of ['average', 'p', 'p101', 'p100.1', 'p-1', 'p5x', 'tm99', 'constructor']) {
    assert.equal(parseStatistic(text), undefined, text);
  }
});
