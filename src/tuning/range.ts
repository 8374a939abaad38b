/**
 * How the values of a number are spread over its range. Auto: by the range itself (`scaling.ts`). ReverseLogarithmic is for numbers below 1
 * whose distance from 1 matters, such as a momentum.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
 */
export type ScalingType = 'Auto' | 'Linear' | 'Logarithmic' | 'ReverseLogarithmic';

/** Both ends belong to the range. */
export interface NumericRange {
  readonly kind: 'continuous' | 'integer';
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly scaling: ScalingType;
}

export interface CategoricalRange {
  readonly kind: 'categorical';
  readonly name: string;
  readonly values: readonly string[];
}

/** What one hyperparameter may be. */
export type ParameterRange = NumericRange | CategoricalRange;

/** A value for each hyperparameter that is searched, by name: numbers, and the texts of categories. */
export type Point = Readonly<Record<string, number | string>>;
