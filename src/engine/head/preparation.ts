import { userError } from '../../errors/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import type { HeadOptions } from './hyperparameters.ts';
import type { HeadShape } from './parameters.ts';
import {
  identityStandardisation,
  measureStandardisation,
  type Standardisation,
  standardise,
} from './standardisation.ts';

/** Rows of `train` may be several views of a picture; labels come one per row. */
export interface HeadData {
  readonly train: FeatureMatrix;
  readonly trainLabels: Int32Array;
  readonly valid: FeatureMatrix;
  readonly validLabels: Int32Array;
  readonly classes: number;
}

/** Checked features, standardised by the training rows: the same for every head that is trained on them. */
export interface StandardisedRows {
  readonly train: FeatureMatrix;
  readonly valid: FeatureMatrix;
  readonly standardisation: Standardisation;
}

/** Checked, standardised and ready for the loop; plain data that can be transferred to a worker. */
export interface PreparedTraining extends HeadData, StandardisedRows {
  readonly shape: HeadShape;
  /** As they were given. */
  readonly rawValid: FeatureMatrix;
  readonly classWeights: Float64Array;
  readonly absentClasses: readonly number[];
}

/**
 * Copies; the caller's arrays are left alone.
 * @throws WHIPPET_HEAD_NO_PICTURES, WHIPPET_HEAD_NOT_FINITE, WHIPPET_HEAD_SHAPE
 */
export function standardiseRows(data: HeadData, standardize: boolean): StandardisedRows {
  const { train, trainLabels, valid, validLabels, classes } = data;
  checkRows(train, trainLabels, { split: 'train', classes });
  checkRows(valid, validLabels, { split: 'valid', classes });
  if (train.dimension !== valid.dimension) {
    throw userError('WHIPPET_HEAD_SHAPE', {
      problem: `train has ${train.dimension} features per picture, valid ${valid.dimension}`,
    });
  }
  const standardisation = standardize ? measureStandardisation(train) : identityStandardisation(train.dimension);
  return { train: standardise(train, standardisation), valid: standardise(valid, standardisation), standardisation };
}

/**
 * All arrays are the result's own.
 * @param rows Of the same data and `standardize`; they become part of the result.
 * @throws WHIPPET_HEAD_NO_PICTURES, WHIPPET_HEAD_SINGLE_CLASS, WHIPPET_HEAD_NOT_FINITE, WHIPPET_HEAD_SHAPE
 */
export function prepareTraining(
  data: HeadData,
  options: HeadOptions,
  rows: StandardisedRows = standardiseRows(data, options.standardize),
): PreparedTraining {
  const { train, trainLabels, valid, validLabels, classes } = data;
  const counts = countLabels(trainLabels, classes);
  const present = counts.filter((count) => count > 0).length;
  if (present < 2) throw userError('WHIPPET_HEAD_SINGLE_CLASS', { classes: present });
  return {
    ...rows,
    ...{ trainLabels: trainLabels.slice(), validLabels: validLabels.slice(), classes },
    rawValid: { ...valid, data: valid.data.slice() },
    shape: { inputs: train.dimension, hidden: options.hidden, classes },
    classWeights: classWeightsOf(counts, options.class_weights),
    absentClasses: [...counts.keys()].filter((label) => counts[label] === 0),
  };
}

/** One label per row, each below `classes`, and every feature a finite number. */
export function checkRows(
  features: FeatureMatrix,
  labels: Int32Array,
  { split, classes }: { readonly split: string; readonly classes: number },
): void {
  const { rows, dimension, data } = features;
  if (rows === 0) throw userError('WHIPPET_HEAD_NO_PICTURES', { split });
  if (labels.length !== rows || data.length !== rows * dimension) {
    const problem = `${split} has ${rows} rows of ${dimension}, ${data.length} numbers and ${labels.length} labels`;
    throw userError('WHIPPET_HEAD_SHAPE', { problem });
  }
  const strange = labels.findIndex((label) => label < 0 || label >= classes);
  if (strange >= 0) {
    const problem = `row ${strange} of ${split} has the label ${labels[strange]} and there are ${classes} classes`;
    throw userError('WHIPPET_HEAD_SHAPE', { problem });
  }
  for (let at = 0; at < data.length; at++) {
    if (Number.isFinite(data[at])) continue;
    const row = Math.floor(at / dimension);
    throw userError('WHIPPET_HEAD_NOT_FINITE', { split, row, column: at % dimension, value: data[at]! });
  }
}

export function countLabels(labels: Int32Array, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  return counts;
}

/**
 * Balanced: n ÷ (classes present · n of the class), so that every class has the same total weight and the mean over the rows is 1
 * (King & Zeng 2001, as scikit-learn). Absent classes get 1: nothing is multiplied with it.
 */
function classWeightsOf(counts: Int32Array, kind: HeadOptions['class_weights']): Float64Array {
  const weights = new Float64Array(counts.length).fill(1);
  if (kind === 'none') return weights;
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return weights.map((_, label) => (counts[label]! > 0 ? rows / (present * counts[label]!) : 1));
}
