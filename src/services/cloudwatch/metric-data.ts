/** What PutMetricData demands of its data beyond the model. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
import type { Dimension, MetricDatum, StatisticSet } from '@aws-sdk/client-cloudwatch';
import type { AwsFault } from '../../wire/index.ts';
import { invalidCombination, invalidValue, missingParameter } from './errors.ts';
import type { Dimensions } from './metrics.ts';
import type { Datum } from './recent.ts';
import { type Summary, summaryOfSet, summaryOfValues } from './summary.ts';

const largestValue = 2 ** 360;
const valuesPerDatum = 150;
const twoWeeks = 14 * 86_400_000;
const twoHours = 2 * 3_600_000;

type Complaint = readonly [kind: 'missing' | 'combination' | 'value', line: string];

/** @throws AwsFault InvalidParameterValue, InvalidParameterCombination, MissingParameter, with a line for each thing wrong. */
export function readMetricData(data: readonly MetricDatum[], now: Date): Datum[] {
  const complaints = data.flatMap((datum, index) => complaintsOf(datum, { at: `MetricData.member.${index + 1}`, now }));
  if (complaints.length > 0) throw faultOf(complaints);
  return data.map((datum) => ({
    name: datum.MetricName ?? '',
    dimensions: dimensionsOf(datum.Dimensions),
    time: datum.Timestamp ?? now,
    summary: summaryOf(datum),
    ...(datum.Unit && { unit: datum.Unit }),
    ...(datum.StorageResolution === 1 && { resolution: 1 }),
  }));
}

export function dimensionsOf(dimensions: readonly Dimension[] = []): Dimensions {
  return dimensions.map(({ Name = '', Value = '' }) => [Name, Value] as const);
}

function summaryOf({ Value, Values, Counts, StatisticValues }: MetricDatum): Summary {
  if (Value !== undefined) return summaryOfValues([Value]);
  if (Values !== undefined) return summaryOfValues(Values, Counts);
  const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues ?? {};
  return summaryOfSet({ count: SampleCount, sum: Sum, minimum: Minimum, maximum: Maximum });
}

/** One code speaks for all lines: what is missing first, then what excludes each other. */
function faultOf(complaints: readonly Complaint[]): AwsFault {
  const of = (wanted: Complaint[0]): string =>
    complaints.flatMap(([kind, line]) => (kind === wanted ? line : [])).join('\n');
  const [missing, combination] = [of('missing'), of('combination')];
  if (missing !== '') return missingParameter(missing);
  return combination === '' ? invalidValue(of('value')) : invalidCombination(combination);
}

interface Place {
  /** `MetricData.member.1`. */
  readonly at: string;
  readonly now: Date;
}

function complaintsOf(datum: MetricDatum, { at, now }: Place): Complaint[] {
  return [
    ...valueComplaints(datum, at),
    ...dimensionComplaints(datum.Dimensions, at),
    ...timeComplaints(datum.Timestamp, { at, now }),
    ...when(
      ![undefined, 1, 60].includes(datum.StorageResolution),
      `The parameter ${at}.StorageResolution must be a value in the set [ 1, 60 ].`,
    ),
  ];
}

function when(wrong: boolean, line: string, kind: Complaint[0] = 'value'): Complaint[] {
  return wrong ? [[kind, line]] : [];
}

function valueComplaints({ Value, Values, Counts, StatisticValues }: MetricDatum, at: string): Complaint[] {
  const given = Object.entries({ Value, Values, StatisticValues }).filter(([, value]) => value !== undefined);
  if (given.length === 0) {
    const line = `The parameter ${at}.Value is required, or one of ${at}.Values and ${at}.StatisticValues.`;
    return [['missing', line]];
  }
  if (given.length > 1) {
    const [one, other] = given.map(([name]) => `${at}.${name}`);
    const line = `The parameters ${one} and ${other} are mutually exclusive and you have specified both.`;
    return [['combination', line]];
  }
  if (Value !== undefined) return numberComplaints([Value], () => `${at}.Value`);
  if (StatisticValues !== undefined) return setComplaints(StatisticValues, at);
  return [
    ...listComplaints(Values ?? [], Counts, at),
    ...when(Values?.length === 0, `The parameter ${at}.Values is required.`, 'missing'),
  ];
}

function listComplaints(values: readonly number[], counts: readonly number[] | undefined, at: string): Complaint[] {
  return [
    ...when(
      values.length > valuesPerDatum,
      `The collection ${at}.Values must not have a size greater than ${valuesPerDatum}.`,
    ),
    ...when(
      counts !== undefined && counts.length !== values.length,
      `The parameters ${at}.Values and ${at}.Counts must be of the same size.`,
    ),
    ...numberComplaints(values, (index) => `${at}.Values.member.${index + 1}`),
    ...numberComplaints(counts ?? [], (index) => `${at}.Counts.member.${index + 1}`),
    ...(counts ?? []).flatMap((count, index) =>
      when(count <= 0, `The parameter ${at}.Counts.member.${index + 1} must be greater than 0.`),
    ),
  ];
}

function setComplaints({ SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 }: StatisticSet, at: string): Complaint[] {
  const name = `${at}.StatisticValues`;
  const members = Object.entries({ SampleCount, Sum, Minimum, Maximum });
  return [
    ...members.flatMap(([member, value]) => numberComplaints([value], () => `${name}.${member}`)),
    ...when(SampleCount <= 0, `The parameter ${name}.SampleCount must be greater than 0.`),
    ...when(Maximum < Minimum, `The parameter ${name}.Maximum must be greater than or equal to ${name}.Minimum.`),
  ];
}

function numberComplaints(values: readonly number[], nameOf: (index: number) => string): Complaint[] {
  return values.flatMap((value, index) =>
    // NaN fails the comparison too.
    when(!(Math.abs(value) <= largestValue), `The value ${value} for parameter ${nameOf(index)} is invalid.`),
  );
}

function dimensionComplaints(dimensions: readonly Dimension[] = [], at: string): Complaint[] {
  const names = dimensions.map(({ Name }) => Name);
  return names.flatMap((name, index) =>
    when(
      names.indexOf(name) < index,
      `The parameter ${at}.Dimensions.member.${index + 1}.Name must be unique: ${name} is there twice.`,
    ),
  );
}

function timeComplaints(time: Date | undefined, { at, now }: Place): Complaint[] {
  if (time === undefined) return [];
  const age = now.getTime() - time.getTime();
  return [
    ...when(!(age <= twoWeeks), `The parameter ${at}.Timestamp must specify a time within the past two weeks.`),
    ...when(-age > twoHours, `The parameter ${at}.Timestamp must specify a time no more than two hours in the future.`),
  ];
}
