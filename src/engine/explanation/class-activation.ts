import type { Head } from '../head/head.ts';

export interface ActivationInput {
  /** What the backbone pools: [D, h, w], with mean over h and w = `features`. */
  readonly map: Float32Array;
  readonly head: Head;
  readonly features: Float32Array;
  readonly classIndex: number;
}

/**
 * Class activation map [h × w]: how much each place adds to the class's logit.
 *
 * For a linear head M(p) = Σ_d w[d, c] · map[d, p] ÷ (h·w), and Σ_p M(p) + bias = logit exactly (Zhou et al. 2016, arXiv 1512.04150).
 * With a hidden layer w is the gradient of the logit by the features: Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391) before its
 * final ReLU, a first-order approximation. As ReLU is piecewise linear, Σ_p M(p) + `activationOffset` is the logit there too.
 */
export function classActivation({ map, head, features, classIndex }: ActivationInput): Float32Array {
  const dimension = features.length;
  const places = map.length / dimension;
  const weights = logitGradient(head, features, classIndex);
  const sums = new Float64Array(places);
  for (let d = 0; d < dimension; d++) {
    const weight = weights[d]! / places;
    if (weight === 0) continue;
    for (let p = 0; p < places; p++) sums[p]! += weight * map[d * places + p]!;
  }
  return Float32Array.from(sums);
}

/** What of the logit belongs to no place: the bias of a linear head. */
export function activationOffset(head: Head, features: Float32Array, classIndex: number): number {
  const weights = logitGradient(head, features, classIndex);
  let placed = 0;
  for (let d = 0; d < features.length; d++) placed += weights[d]! * features[d]!;
  return logitOf(head, features, classIndex) - placed;
}

/** How the map was made, for people. */
export function activationMethod(head: Head): string {
  return head.layers.length === 1
    ? 'Class activation map (Zhou et al. 2016): exact. The places, together with the bias, add up to the class’s score.'
    : 'Grad-CAM (Selvaraju et al. 2017): the head has a hidden layer, so this is a first-order approximation.';
}

/** ∂ logit[classIndex] ÷ ∂ features, backwards through the layers. */
function logitGradient({ layers }: Head, features: Float32Array, classIndex: number): Float64Array {
  const inputs = forward({ layers }, features);
  let gradient: Float64Array | undefined;
  for (let l = layers.length - 1; l >= 0; l--) {
    const { weight, outputs } = layers[l]!;
    const input = inputs[l]!;
    const next = new Float64Array(input.length);
    for (let i = 0; i < input.length; i++) {
      // Inputs of later layers are outputs of ReLU: those at zero pass nothing back.
      if (l > 0 && input[i]! <= 0) continue;
      if (!gradient) next[i] = weight[i * outputs + classIndex]!;
      else for (let o = 0; o < outputs; o++) next[i]! += weight[i * outputs + o]! * gradient[o]!;
    }
    gradient = next;
  }
  return gradient ?? new Float64Array(features.length);
}

function logitOf(head: Head, features: Float32Array, classIndex: number): number {
  return forward(head, features).at(-1)![classIndex]!;
}

/** The input of each layer, and the logits last. */
function forward({ layers }: Head, features: Float32Array): Float64Array[] {
  const values = [Float64Array.from(features)];
  for (const [l, { inputs, outputs, weight, bias }] of layers.entries()) {
    const input = values[l]!;
    const output = Float64Array.from(bias);
    for (let i = 0; i < inputs; i++) {
      const x = input[i]!;
      if (x !== 0) for (let o = 0; o < outputs; o++) output[o]! += x * weight[i * outputs + o]!;
    }
    values.push(l < layers.length - 1 ? output.map((x) => Math.max(0, x)) : output);
  }
  return values;
}
