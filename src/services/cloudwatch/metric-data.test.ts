import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { readMetricData } from './metric-data.ts';

const now = new Date('2026-01-15T12:00:00Z');
const after = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const hour = 3_600_000;
const read = (...data: Omit<MetricDatum, 'MetricName'>[]) =>
  readMetricData(
    data.map((datum) => ({ MetricName: 'm', ...datum })),
    now,
  );

test('a value, values with counts, and a statistic set', () => {
  const [one, many, set] = read(
    { Value: 4 },
    { Values: [1, 2], Counts: [3, 1], Unit: 'Count', StorageResolution: 1, Timestamp: after(-5) },
    { StatisticValues: { SampleCount: 2, Sum: 5, Minimum: 1, Maximum: 4 }, Dimensions: [{ Name: 'a', Value: 'b' }] },
  );
  assert.deepEqual(
    [one, many, set].map((datum) => {
      const { count, sum, minimum, maximum } = datum?.summary ?? {};
      return [count, sum, minimum, maximum];
    }),
    [
      [1, 4, 4, 4],
      [4, 5, 1, 2],
      [2, 5, 1, 4],
    ],
  );
  assert.deepEqual([one?.time, one?.unit, one?.resolution], [now, undefined, undefined]);
  assert.deepEqual([many?.time, many?.unit, many?.resolution], [after(-5), 'Count', 1]);
  assert.deepEqual(set?.dimensions, [['a', 'b']]);
});

const at = 'MetricData.member.1';
for (const { datum, code = 'InvalidParameterValue', message } of [
  {
    datum: {},
    code: 'MissingParameter',
    message: `The parameter ${at}.Value is required, or one of ${at}.Values and ${at}.StatisticValues.`,
  },
  {
    datum: { Value: 1, Values: [1] },
    code: 'InvalidParameterCombination',
    message: `The parameters ${at}.Value and ${at}.Values are mutually exclusive and you have specified both.`,
  },
  { datum: { Value: Number.NaN }, message: `The value NaN for parameter ${at}.Value is invalid.` },
  { datum: { Value: Number.POSITIVE_INFINITY }, message: `The value Infinity for parameter ${at}.Value is invalid.` },
  { datum: { Value: 2 ** 361 }, message: `The value ${2 ** 361} for parameter ${at}.Value is invalid.` },
  { datum: { Values: [1, -Infinity] }, message: `The value -Infinity for parameter ${at}.Values.member.2 is invalid.` },
  { datum: { Values: [] }, code: 'MissingParameter', message: `The parameter ${at}.Values is required.` },
  {
    datum: { Values: [1, 2], Counts: [1] },
    message: `The parameters ${at}.Values and ${at}.Counts must be of the same size.`,
  },
  { datum: { Values: [1], Counts: [0] }, message: `The parameter ${at}.Counts.member.1 must be greater than 0.` },
  {
    datum: { Values: Array.from({ length: 151 }, (_, index) => index) },
    message: `The collection ${at}.Values must not have a size greater than 150.`,
  },
  {
    datum: { StatisticValues: { SampleCount: 0, Sum: 0, Minimum: 0, Maximum: 0 } },
    message: `The parameter ${at}.StatisticValues.SampleCount must be greater than 0.`,
  },
  {
    datum: { StatisticValues: { SampleCount: 1, Sum: 0, Minimum: 1, Maximum: 0 } },
    message: `The parameter ${at}.StatisticValues.Maximum must be greater than or equal to ${at}.StatisticValues.Minimum.`,
  },
  {
    datum: { Value: 1, StorageResolution: 300 },
    message: `The parameter ${at}.StorageResolution must be a value in the set [ 1, 60 ].`,
  },
  {
    datum: { Value: 1, Timestamp: after(-14 * 24 * hour - 1) },
    message: `The parameter ${at}.Timestamp must specify a time within the past two weeks.`,
  },
  {
    datum: { Value: 1, Timestamp: after(2 * hour + 1) },
    message: `The parameter ${at}.Timestamp must specify a time no more than two hours in the future.`,
  },
  {
    datum: {
      Value: 1,
      Dimensions: [
        { Name: 'a', Value: '1' },
        { Name: 'a', Value: '2' },
      ],
    },
    message: `The parameter ${at}.Dimensions.member.2.Name must be unique: a is there twice.`,
  },
]) {
  test(message, () => assert.throws(() => read(datum), { code, status: 400, message }));
}

test('the ends of what is allowed', () => {
  const times = [after(-14 * 24 * hour), after(2 * hour)];
  assert.equal(read(...times.map((Timestamp) => ({ Value: 2 ** 360, Timestamp }))).length, 2);
});

test('every datum that is wrong gets a line', () => {
  const old = { Value: 1, Timestamp: after(-30 * 24 * hour) };
  assert.throws(() => read(old, { Value: 1 }, old), {
    message:
      'The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.\n' +
      'The parameter MetricData.member.3.Timestamp must specify a time within the past two weeks.',
  });
});
