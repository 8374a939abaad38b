import type { ParameterRanges } from '@aws-sdk/client-sagemaker';
import type { NumericRange, ParameterRange } from '../../../tuning/index.ts';
import { validation } from '../errors.ts';

/** AWS's ranges, whose numbers are texts, as the search takes them. What is no number comes out as NaN, which the search refuses. */
export function readRanges({
  ContinuousParameterRanges: continuous = [],
  IntegerParameterRanges: integer = [],
  CategoricalParameterRanges: categorical = [],
}: ParameterRanges): ParameterRange[] {
  return [
    ...continuous.map((range) => numeric('continuous', range)),
    ...integer.map((range) => numeric('integer', range)),
    ...categorical.map(({ Name = '', Values: values = [] }) => ({ kind: 'categorical' as const, name: Name, values })),
  ];
}

/** Told with the text that was sent, which the search never sees. @throws AwsFault ValidationException. */
export function checkNumbers({ ContinuousParameterRanges = [], IntegerParameterRanges = [] }: ParameterRanges): void {
  for (const { Name = '', MinValue, MaxValue } of [...ContinuousParameterRanges, ...IntegerParameterRanges]) {
    for (const [member, text] of Object.entries({ MinValue, MaxValue })) {
      if (Number.isFinite(readNumber(text))) continue;
      throw validation(`${member} of the hyperparameter "${Name}" must be a number, but is "${text ?? ''}".`);
    }
  }
}

interface WireRange {
  readonly Name: string | undefined;
  readonly MinValue: string | undefined;
  readonly MaxValue: string | undefined;
  readonly ScalingType?: NumericRange['scaling'] | undefined;
}

function numeric(
  kind: NumericRange['kind'],
  { Name = '', MinValue, MaxValue, ScalingType = 'Auto' }: WireRange,
): NumericRange {
  return { kind, name: Name, minimum: readNumber(MinValue), maximum: readNumber(MaxValue), scaling: ScalingType };
}

function readNumber(text = ''): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
