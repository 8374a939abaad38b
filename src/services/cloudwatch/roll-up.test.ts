import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { readAllUnits, readMetric } from './read.ts';
import { type Datum, putData } from './recent.ts';
import { mergeSummaries, type Summary, statisticOf, summaryOfSet, summaryOfValues } from './summary.ts';
import { day, hour, openCloudWatch, place, start, type TestCloudWatch } from './testing/cloudwatch.ts';

let cloudWatch: TestCloudWatch;
before(async () => {
  cloudWatch = await openCloudWatch();
});
after(() => cloudWatch.close());

let namespaces = 0;

function put(namespace: string, data: readonly Omit<Datum, 'name'>[]): void {
  const named = data.map((datum) => ({ name: 'm', ...datum }));
  putData({ ...place, namespace }, named, cloudWatch.state);
}

function read(namespace: string, window: { start: number; end: number; period: number }) {
  const metric = { namespace, name: 'm', dimensions: [] };
  return readAllUnits({ ...place, ...window, metric }, cloudWatch.state);
}

const rows = (): number =>
  cloudWatch.state.database.get<{ n: number }>(
    'SELECT (SELECT COUNT(*) FROM metric_recent) + (SELECT COUNT(*) FROM metric_blocks) AS n',
  )?.n ?? 0;

/** When a value came, for which time (how long before), and what. */
const arrival = fc.record({
  at: fc.integer({ min: 0, max: 80 * day }),
  late: fc.oneof(fc.integer({ min: 0, max: hour }), fc.integer({ min: 0, max: 14 * day })),
  value: fc.integer({ min: -1000, max: 1000 }),
  resolution: fc.constantFrom(1 as const, 60 as const),
  unit: fc.constantFrom('None' as const, 'Count' as const),
});

test('hours are the same whether they are made from raw data or from what any roll-ups made of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(arrival, { maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 90 * day }), { maxLength: 6 }),
      async (arrivals, runs) => {
        const namespace = `Property${++namespaces}`;
        const expected = new Map<number, Summary>();
        const steps = [
          ...arrivals.map((one) => ({ at: one.at, one })),
          ...runs.map((at) => ({ at, one: undefined })),
        ].sort((a, b) => a.at - b.at);
        for (const { at, one } of steps) {
          cloudWatch.time = start + at;
          if (one === undefined) {
            await cloudWatch.rollUp();
            continue;
          }
          const time = start + at - one.late;
          const summary = summaryOfValues([one.value]);
          put(namespace, [{ time: new Date(time * 1000), summary, resolution: one.resolution, unit: one.unit }]);
          const bucket = Math.floor(time / hour) * hour;
          const present = expected.get(bucket);
          expected.set(bucket, present ? mergeSummaries(present, summary) : summary);
        }
        cloudWatch.time = start + 90 * day;
        const found = read(namespace, { start: start - 20 * day, end: start + 90 * day, period: hour });
        const facts = (buckets: ReadonlyMap<number, Summary>) =>
          [...buckets]
            .sort(([a], [b]) => a - b)
            .map(([time, { count, sum, minimum, maximum }]) => [time, count, sum, minimum, maximum]);
        assert.deepEqual(facts(found), facts(expected));
      },
    ),
    { numRuns: 25 },
  );
});

test('data is there at each resolution for as long as AWS keeps it', async () => {
  cloudWatch.time = start + 200 * day;
  const from = cloudWatch.time;
  const minutes = Array.from({ length: 120 }, (_, index) => new Date((from + index * 60) * 1000));
  put(
    'Ages',
    minutes.map((time) => ({ time, resolution: 1, summary: summaryOfValues([1]) })),
  );
  const count = (period: number) => read('Ages', { start: from, end: from + 2 * hour, period }).size;
  const counts = () => [1, 60, 300, 3600].map(count);

  cloudWatch.time = from + 2 * hour;
  assert.deepEqual(counts(), [120, 120, 24, 2]);
  for (const { age, expected } of [
    { age: 3.5 * hour, expected: [90, 120, 24, 2] },
    { age: 4.2 * hour, expected: [48, 120, 24, 2] },
    { age: 6 * hour, expected: [0, 120, 24, 2] },
    { age: 15 * day - hour, expected: [0, 120, 24, 2] },
    { age: 15 * day + hour, expected: [0, 60, 24, 2] },
    { age: 17 * day, expected: [0, 0, 24, 2] },
    { age: 63 * day - hour, expected: [0, 0, 24, 2] },
    { age: 63 * day + hour, expected: [0, 0, 12, 2] },
    { age: 70 * day, expected: [0, 0, 0, 2] },
    { age: 455 * day - hour, expected: [0, 0, 0, 2] },
    { age: 455 * day + hour, expected: [0, 0, 0, 1] },
  ]) {
    cloudWatch.time = from + age;
    await cloudWatch.rollUp();
    assert.deepEqual(counts(), expected, `after ${age / day} days`);
  }
  cloudWatch.time = from + 600 * day;
  await cloudWatch.rollUp();
  assert.equal(rows(), 0);
  assert.deepEqual(cloudWatch.state.database.all('SELECT * FROM metrics'), []);
});

test('a month of one metric is a few blocks', async () => {
  const from = cloudWatch.time;
  for (let passed = 0; passed < 30; passed++) {
    const times = Array.from({ length: 288 }, (_, index) => new Date((from + passed * day + index * 300) * 1000));
    put(
      'Month',
      times.map((time) => ({ time, summary: summaryOfValues([time.getTime()]) })),
    );
    cloudWatch.time = from + (passed + 1) * day;
    await cloudWatch.rollUp();
  }
  const kept = cloudWatch.state.database.get<{ blocks: number; recent: number }>(
    'SELECT (SELECT COUNT(*) FROM metric_blocks) AS blocks, (SELECT COUNT(*) FROM metric_recent) AS recent',
  );
  assert.ok((kept?.blocks ?? 0) <= 21, JSON.stringify(kept));
  assert.ok((kept?.recent ?? 0) <= 4 * 12, JSON.stringify(kept));
});

test('percentiles go through roll-ups', async () => {
  const from = Math.floor(cloudWatch.time / hour) * hour;
  const data = Array.from({ length: 60 }, (_, index) => ({
    time: new Date((from + index * 60) * 1000),
    summary: summaryOfValues([index + 1]),
  }));
  put('Percentiles', data);
  const p90 = (period: number) =>
    [...read('Percentiles', { start: from, end: from + hour, period }).values()].map((summary) =>
      statisticOf(summary, { percent: 90 }),
    );
  assert.deepEqual(p90(600), [9, 19, 29, 39, 49, 59]);
  cloudWatch.time = from + 80 * day;
  await cloudWatch.rollUp();
  const [rolled] = p90(hour);
  assert.ok(Math.abs((rolled ?? 0) - 54) <= 0.54, String(rolled));
});

test('a statistic set has no percentiles, and takes them from its bucket', () => {
  const time = new Date(cloudWatch.time * 1000);
  const set = { count: 3, sum: 6, minimum: 1, maximum: 3 };
  put('Sets', [
    { time, summary: summaryOfSet(set) },
    { time, summary: summaryOfValues([10]) },
  ]);
  const [summary] = read('Sets', { start: cloudWatch.time - 60, end: cloudWatch.time + 60, period: 60 }).values();
  assert.ok(summary);
  assert.deepEqual([statisticOf(summary, { name: 'Average' }), statisticOf(summary, { percent: 50 })], [4, undefined]);
  const one = summaryOfSet({ count: 5, sum: 10, minimum: 2, maximum: 2 });
  assert.equal(statisticOf(one, { percent: 99 }), 2);
});

test('units are kept apart, and one can be asked for', () => {
  const time = new Date(cloudWatch.time * 1000);
  put('Units', [
    { time, unit: 'Bytes', summary: summaryOfValues([1]) },
    { time, unit: 'Seconds', summary: summaryOfValues([2]) },
  ]);
  const query = {
    ...place,
    metric: { namespace: 'Units', name: 'm', dimensions: [] },
    ...{ start: cloudWatch.time - 60, end: cloudWatch.time + 60, period: 60 },
  };
  const sums = (unit?: 'Bytes') =>
    [...readMetric({ ...query, unit }, cloudWatch.state)].map(([name, buckets]) => [
      name,
      [...buckets.values()][0]?.sum,
    ]);
  assert.deepEqual(sums(), [
    ['Seconds', 2],
    ['Bytes', 1],
  ]);
  assert.deepEqual(sums('Bytes'), [['Bytes', 1]]);
});

test('data of minutes cannot be read by seconds, data of seconds by minutes', () => {
  const time = new Date(cloudWatch.time * 1000);
  put('Fine', [
    { time, resolution: 60, summary: summaryOfValues([1]) },
    { time, resolution: 1, summary: summaryOfValues([2]) },
  ]);
  const sums = (period: number) =>
    [...read('Fine', { start: cloudWatch.time, end: cloudWatch.time + 60, period }).values()].map(({ sum }) => sum);
  assert.deepEqual([1, 5, 60].map(sums), [[2], [2], [3]]);
});

test('the end of a window does not belong to it, packed or not', async () => {
  const from = cloudWatch.time;
  put(
    'Ends',
    [0, 60, 120].map((offset) => ({ time: new Date((from + offset) * 1000), summary: summaryOfValues([offset]) })),
  );
  const times = () => [...read('Ends', { start: from + 60, end: from + 120, period: 60 }).keys()];
  assert.deepEqual(times(), [from + 60]);
  cloudWatch.time = from + day;
  await cloudWatch.rollUp();
  assert.deepEqual(times(), [from + 60]);
});
