import type { FeatureMatrix } from '../features/features.ts';
import type { DenseLayer, Head } from './head.ts';

/** Logits [rows × classes] of raw features, accumulated in float64. For splits; single pictures go through the model's own graph. */
export function applyHead(head: Head, features: FeatureMatrix): Float32Array {
  let values = features.data;
  for (const [index, layer] of head.layers.entries()) {
    values = applyLayer(layer, values, { rows: features.rows, relu: index < head.layers.length - 1 });
  }
  return values;
}

function applyLayer(
  { inputs, outputs, weight, bias }: DenseLayer,
  values: Float32Array,
  { rows, relu }: { rows: number; relu: boolean },
): Float32Array {
  const result = new Float32Array(rows * outputs);
  const sums = new Float64Array(outputs);
  for (let row = 0; row < rows; row++) {
    sums.set(bias);
    for (let input = 0; input < inputs; input++) {
      const value = values[row * inputs + input] as number;
      if (value === 0) continue;
      const start = input * outputs;
      for (let output = 0; output < outputs; output++) {
        sums[output] = (sums[output] as number) + value * (weight[start + output] as number);
      }
    }
    for (let output = 0; output < outputs; output++) {
      const sum = sums[output] as number;
      result[row * outputs + output] = relu && sum < 0 ? 0 : sum;
    }
  }
  return result;
}
