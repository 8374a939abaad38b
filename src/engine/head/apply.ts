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

/**
 * Four rows at a time: each weight is read once for all of them. Where fewer are left, the last is computed again and written once more.
 */
function applyLayer(
  { inputs, outputs, weight, bias }: DenseLayer,
  values: Float32Array,
  { rows, relu }: { rows: number; relu: boolean },
): Float32Array {
  const result = new Float32Array(rows * outputs);
  const columns = transposed(weight, { inputs, outputs });
  const last = rows - 1;
  for (let row = 0; row < rows; row += 4) {
    const [a, b, c, d] = [row, Math.min(row + 1, last), Math.min(row + 2, last), Math.min(row + 3, last)];
    for (let output = 0; output < outputs; output++) {
      let sumA = bias[output]!;
      let sumB = sumA;
      let sumC = sumA;
      let sumD = sumA;
      const column = output * inputs;
      for (let input = 0; input < inputs; input++) {
        const one = columns[column + input]!;
        sumA += values[a * inputs + input]! * one;
        sumB += values[b * inputs + input]! * one;
        sumC += values[c * inputs + input]! * one;
        sumD += values[d * inputs + input]! * one;
      }
      result[a * outputs + output] = relu && sumA < 0 ? 0 : sumA;
      result[b * outputs + output] = relu && sumB < 0 ? 0 : sumB;
      result[c * outputs + output] = relu && sumC < 0 ? 0 : sumC;
      result[d * outputs + output] = relu && sumD < 0 ? 0 : sumD;
    }
  }
  return result;
}

function transposed(weight: Float32Array, { inputs, outputs }: Pick<DenseLayer, 'inputs' | 'outputs'>): Float32Array {
  const columns = new Float32Array(weight.length);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      columns[output * inputs + input] = weight[input * outputs + output]!;
    }
  }
  return columns;
}
