import type { FeatureMatrix } from '../features/features.ts';
import type { DenseLayer } from './head.ts';

/** x ↦ (x − mean) · scale per feature. A feature that never varies has scale 0: nothing can be learnt from it. */
export interface Standardisation {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

export function identityStandardisation(dimension: number): Standardisation {
  return { mean: new Float64Array(dimension), scale: new Float64Array(dimension).fill(1) };
}

/** Mean and deviation (of the population) per column, in float64 and two passes: float32 sums lose digits at thousands of rows. */
export function measureStandardisation({ rows, dimension, data }: FeatureMatrix): Standardisation {
  const mean = new Float64Array(dimension);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < dimension; j++) mean[j]! += data[at++]!;
  for (let j = 0; j < dimension; j++) mean[j]! /= rows;
  const scale = new Float64Array(dimension);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < dimension; j++) {
      const difference = data[at++]! - mean[j]!;
      scale[j]! += difference * difference;
    }
  }
  for (let j = 0; j < dimension; j++) {
    const deviation = Math.sqrt(scale[j]! / rows);
    // Below float32's own rounding a deviation is noise, and dividing by it would blow noise up.
    scale[j] = deviation > 1e-6 * Math.abs(mean[j]!) && deviation > 1e-12 ? 1 / deviation : 0;
  }
  return { mean, scale };
}

/** A new matrix; the given one is left alone. */
export function standardise({ rows, dimension, data }: FeatureMatrix, by: Standardisation): FeatureMatrix {
  const { mean, scale } = by;
  const result = new Float32Array(rows * dimension);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < dimension; j++, at++) result[at] = (data[at]! - mean[j]!) * scale[j]!;
  }
  return { rows, dimension, data: result };
}

/** The same function on raw features: W′ = diag(scale)·W, b′ = b − (mean·scale)·W. */
export function foldStandardisation(layer: DenseLayer, { mean, scale }: Standardisation): DenseLayer {
  const { inputs, outputs } = layer;
  const weight = new Float32Array(inputs * outputs);
  const bias = Float64Array.from(layer.bias);
  for (let j = 0, at = 0; j < inputs; j++) {
    for (let c = 0; c < outputs; c++, at++) {
      const scaled = layer.weight[at]! * scale[j]!;
      weight[at] = scaled;
      bias[c]! -= mean[j]! * scaled;
    }
  }
  return { inputs, outputs, weight, bias: Float32Array.from(bias) };
}
