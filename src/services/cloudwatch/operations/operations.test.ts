import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { hour, openCloudWatch, start, type TestCloudWatch } from '../testing/cloudwatch.ts';

let cloudWatch: TestCloudWatch;
before(async () => {
  cloudWatch = await openCloudWatch();
});
after(() => cloudWatch.close());
beforeEach(() => {
  cloudWatch.time = start + 2 * hour;
});

const date = (seconds: number) => new Date(seconds * 1000);
const range = { StartTime: date(start), EndTime: date(start + 2 * hour) };
const stat = (MetricName: string, more: object = {}) => ({
  Metric: { Namespace: 'N', MetricName },
  ...{ Period: 60, Stat: 'Sum' },
  ...more,
});

/** One datum a minute from the start, each its own number. */
function putMinutes(name: string, count: number): void {
  const data = Array.from({ length: count }, (_, minute) => ({
    ...{ MetricName: name, Value: minute },
    Timestamp: date(start + minute * 60),
  }));
  if (count > 0) cloudWatch.run('PutMetricData', { Namespace: 'N', MetricData: data });
}

test('GetMetricData pages through everything once, in either order', () => {
  let names = 0;
  const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      counts,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('TimestampAscending', 'TimestampDescending'),
      (sizes, MaxDatapoints, ScanBy) => {
        const series = sizes.map((size) => ({ size, name: `Paged${++names}` }));
        for (const { name, size } of series) putMinutes(name, size);
        const MetricDataQueries = series.map(({ name }, index) => ({ Id: `q${index}`, MetricStat: stat(name) }));
        const found = new Map<string, number[]>(MetricDataQueries.map(({ Id }) => [Id, []]));
        let NextToken: string | undefined;
        let pages = 0;
        do {
          assert.ok(pages++ < 100, 'paging does not end');
          const input = {
            ...range,
            MetricDataQueries,
            MaxDatapoints,
            ScanBy: ScanBy as 'TimestampAscending',
            NextToken,
          };
          const page = cloudWatch.run('GetMetricData', input);
          const results = page.MetricDataResults ?? [];
          assert.ok(results.flatMap(({ Values = [] }) => Values).length <= MaxDatapoints);
          const isPartial = results.some(({ StatusCode }) => StatusCode === 'PartialData');
          assert.equal(isPartial, page.NextToken !== undefined);
          for (const { Id = '', Values = [] } of results) found.get(Id)?.push(...Values);
          NextToken = page.NextToken;
        } while (NextToken);
        series.forEach(({ size }, index) => {
          const expected = Array.from({ length: size }, (_, minute) => minute);
          assert.deepEqual(found.get(`q${index}`), ScanBy === 'TimestampAscending' ? expected : expected.reverse());
        });
      },
    ),
    { numRuns: 40 },
  );
});

test('queries with ReturnData false are checked and left out', () => {
  putMinutes('Returned', 1);
  const { MetricDataResults } = cloudWatch.run('GetMetricData', {
    ...range,
    MetricDataQueries: [
      { Id: 'a', MetricStat: stat('Returned'), ReturnData: false },
      { Id: 'b', MetricStat: stat('Returned', { Stat: 'SampleCount' }), Label: 'mine' },
    ],
  });
  assert.deepEqual(MetricDataResults, [
    { Id: 'b', Label: 'mine', Timestamps: [date(start)], Values: [1], StatusCode: 'Complete' },
  ]);
});

for (const { queries, code = 'ValidationError', status = 400, message } of [
  { queries: [], message: /^The parameter MetricDataQueries is required\.\n$/ },
  {
    queries: [{ Id: 'A', MetricStat: stat('x') }],
    message: /^The value A for parameter MetricDataQueries\.member\.1\.Id is invalid\.\n$/,
  },
  {
    queries: [
      { Id: 'a', MetricStat: stat('x') },
      { Id: 'a', MetricStat: stat('x') },
    ],
    message: /^The values for parameter id in MetricDataQueries are not unique\.\n$/,
  },
  { queries: [{ Id: 'a' }], message: /member\.1\.MetricStat is required/ },
  { queries: [{ Id: 'a', MetricStat: stat('x', { Period: 61 }) }], message: /member\.1\.MetricStat\.Period must be/ },
  {
    queries: [{ Id: 'a', MetricStat: stat('x', { Stat: 'Mean' }) }],
    message: /The value Mean for parameter .*\.Stat is not supported/,
  },
  {
    queries: [{ Id: 'a', Expression: 'm1 / m2' }],
    code: 'NotImplemented',
    status: 501,
    message: /Expression .* metric math/,
  },
  {
    queries: [{ Id: 'a', MetricStat: stat('x', { Stat: 'tm99' }) }],
    code: 'NotImplemented',
    status: 501,
    message: /tm99/,
  },
  {
    queries: [{ Id: 'a', MetricStat: stat('x'), Label: `\${AVG}` }],
    code: 'NotImplemented',
    status: 501,
    message: /dynamic labels/,
  },
]) {
  test(`GetMetricData refuses: ${message}`, () =>
    assert.throws(() => cloudWatch.run('GetMetricData', { ...range, MetricDataQueries: queries }), {
      code,
      status,
      message,
    }));
}

test('GetMetricData refuses times that are equal or in the wrong order, and tokens it did not make', () => {
  const MetricDataQueries = [{ Id: 'a', MetricStat: stat('x') }];
  const get = (more: object) => () => cloudWatch.run('GetMetricData', { ...range, MetricDataQueries, ...more });
  assert.throws(get({ EndTime: range.StartTime }), {
    code: 'ValidationError',
    message: 'The parameter StartTime must not equal parameter EndTime.\n',
  });
  for (const EndTime of [date(start - 1), date(Number.NaN)]) {
    assert.throws(get({ EndTime }), { code: 'ValidationError' });
  }
  assert.throws(get({ NextToken: 'x' }), { code: 'InvalidNextToken' });
  assert.throws(get({ MaxDatapoints: 0 }), { code: 'ValidationError' });
});

test('GetMetricStatistics counts buckets from the start and names each unit', () => {
  putMinutes('Statistics', 12);
  const { Label, Datapoints } = cloudWatch.run('GetMetricStatistics', {
    ...{ Namespace: 'N', MetricName: 'Statistics', Period: 300 },
    ...{ StartTime: date(start + 61), EndTime: range.EndTime },
    Statistics: ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum'],
  });
  assert.equal(Label, 'Statistics');
  assert.deepEqual(Datapoints, [
    { Timestamp: date(start + 60), Unit: 'None', Sum: 15, SampleCount: 5, Average: 3, Minimum: 1, Maximum: 5 },
    { Timestamp: date(start + 360), Unit: 'None', Sum: 40, SampleCount: 5, Average: 8, Minimum: 6, Maximum: 10 },
    { Timestamp: date(start + 660), Unit: 'None', Sum: 11, SampleCount: 1, Average: 11, Minimum: 11, Maximum: 11 },
  ]);
  const { Datapoints: percentiles } = cloudWatch.run('GetMetricStatistics', {
    ...{ Namespace: 'N', MetricName: 'Statistics', Period: 7200, ...range },
    ExtendedStatistics: ['p50', 'p99.9'],
  });
  assert.deepEqual(percentiles, [
    { Timestamp: date(start), Unit: 'None', ExtendedStatistics: { p50: 5, 'p99.9': 11 } },
  ]);
});

for (const { more, code, status = 400, message } of [
  { more: { Period: 61 }, code: 'InvalidParameterValue', message: /The parameter Period must be/ },
  { more: { EndTime: range.StartTime }, code: 'InvalidParameterValue', message: /must not equal/ },
  { more: { EndTime: date(Number.NaN) }, code: 'InvalidParameterValue', message: /must be less than/ },
  { more: { EndTime: date(0) }, code: 'InvalidParameterValue', message: /must be less than the parameter EndTime/ },
  {
    more: { Period: 1 },
    code: 'InvalidParameterCombination',
    message: /^You have requested up to 7200 datapoints, which exceeds the limit of 1440\. You may reduce/,
  },
  { more: { ExtendedStatistics: ['p50'] }, code: 'InvalidParameterCombination', message: /either Statistics or/ },
  { more: { Statistics: undefined }, code: 'MissingParameter', message: /either Statistics or/ },
  {
    more: { Statistics: undefined, ExtendedStatistics: ['q50'] },
    code: 'InvalidParameterValue',
    message: /The value q50/,
  },
  {
    more: { Statistics: undefined, ExtendedStatistics: ['tm90'] },
    code: 'NotImplemented',
    status: 501,
    message: /tm90/,
  },
]) {
  test(`GetMetricStatistics refuses: ${message}`, () => {
    const input = { Namespace: 'N', MetricName: 'x', Period: 60, ...range, Statistics: ['Sum' as const], ...more };
    assert.throws(() => cloudWatch.run('GetMetricStatistics', input), { code, status, message });
  });
}

test('metrics are listed by name and dimensions, in pages of 500, while they are active', () => {
  const dimensions = (index: number) => [
    { Name: 'Instance', Value: `i-${String(index).padStart(3, '0')}` },
    { Name: 'Kind', Value: index % 2 === 0 ? 'even' : 'odd' },
  ];
  const data = Array.from({ length: 700 }, (_, index) => ({
    MetricName: 'L',
    Value: 1,
    Dimensions: dimensions(index),
  }));
  cloudWatch.run('PutMetricData', { Namespace: 'List', MetricData: data });
  const names = (page: ReturnType<typeof list>) => page.Metrics?.map(({ Dimensions }) => Dimensions?.[0]?.Value);
  const list = (more: object) => cloudWatch.run('ListMetrics', { Namespace: 'List', ...more });

  const first = list({});
  const second = list({ NextToken: first.NextToken });
  assert.deepEqual(
    [...(names(first) ?? []), ...(names(second) ?? [])],
    data.map(({ Dimensions }) => Dimensions[0]?.Value),
  );
  assert.deepEqual([first.Metrics?.length, second.NextToken], [500, undefined]);
  assert.equal(list({ Dimensions: [{ Name: 'Kind', Value: 'odd' }] }).Metrics?.length, 350);
  assert.equal(list({ Dimensions: [{ Name: 'Kind' }], MetricName: 'other' }).Metrics?.length, 0);
  assert.deepEqual(names(list({ Dimensions: [{ Name: 'Instance', Value: 'i-007' }, { Name: 'Kind' }] })), ['i-007']);
  assert.throws(() => list({ NextToken: 'x' }), { code: 'InvalidParameterValue' });

  cloudWatch.time += 4 * hour;
  cloudWatch.run('PutMetricData', { Namespace: 'List', MetricData: data.slice(3, 4) });
  assert.deepEqual(names(list({ RecentlyActive: 'PT3H' })), ['i-003']);
  cloudWatch.time += 14 * 24 * hour - 1;
  assert.deepEqual(names(list({})), ['i-003']);
});

test('dimensions name the same metric in any order', () => {
  const [a, b] = [
    { Name: 'a', Value: '1' },
    { Name: 'b', Value: '2' },
  ];
  const put = (Dimensions: object[]) => ({ MetricName: 'Order', Value: 1, Dimensions, Timestamp: date(start) });
  cloudWatch.run('PutMetricData', { Namespace: 'N', MetricData: [put([a, b]), put([b, a])] as never });
  const { Datapoints } = cloudWatch.run('GetMetricStatistics', {
    ...{ Namespace: 'N', MetricName: 'Order', Dimensions: [b, a], Period: 60, ...range },
    Statistics: ['Sum'],
  });
  assert.equal(Datapoints?.[0]?.Sum, 2);
});

test('PutMetricData refuses nothing, too much, and the namespaces of AWS', () => {
  const put = (input: object) => () => cloudWatch.run('PutMetricData', { Namespace: 'N', ...input });
  assert.throws(put({}), { code: 'MissingParameter', message: 'The parameter MetricData is required.' });
  const many = Array.from({ length: 1001 }, () => ({ MetricName: 'x', Value: 1 }));
  assert.throws(put({ MetricData: many }), {
    code: 'InvalidParameterValue',
    message: 'The collection MetricData must not have a size greater than 1000.',
  });
  assert.throws(put({ Namespace: 'AWS/EC2', MetricData: many.slice(0, 1) }), {
    code: 'InvalidParameterValue',
    message: 'The value AWS/EC2 for parameter Namespace is invalid.',
  });
});
