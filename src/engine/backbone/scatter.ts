import { createHash } from 'node:crypto';
import {
  elementTypes,
  encodeModel,
  graph,
  integers,
  model,
  node,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  scalar,
  tensor,
  value,
} from '../onnx/model.ts';
import { type Backbone, tensorNames } from './backbone.ts';
import {
  centringWeights,
  halvingWeights,
  morletWeights,
  orientations,
  pairingWeights,
  waveletSide,
} from './scatter-filters.ts';

/** Side of the input in pixels. */
const size = 128;
/** J: wavelets of scales 1, 2, 4, 8 and 16 pixels. */
const scales = 5;
/** Everything is averaged over grid × grid windows: of 16 pixels, half of the paper's 2^J, for class activation maps worth looking at. */
const grid = 8;
/** In log(1 + sharpness · S). Edges give S ≈ 0.02 and more, sensor noise stays on the linear part. */
const sharpness = 50;
/**
 * How much of their mean over orientations is taken off the logarithms of a path. The orientations of one path rise and fall together;
 * with less of that, what differs between them weighs more after standardisation, and a head needs fewer steps and bears more decay.
 * Less than all of it, so that nothing is lost.
 */
const shareOfMean = 0.7;

/** Maps at one resolution: a tensor [N · stacked, channels, side, side]. */
interface Signal {
  readonly name: string;
  readonly stacked: number;
  readonly channels: number;
  readonly side: number;
}

/** The graph while it grows. `apply` returns the name of the operator's output, `constant` that of the tensor. */
class Plan {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, OnnxTensor>();

  apply(operator: string, inputs: readonly string[], attributes: Parameters<typeof node>[3] = {}): string {
    const output = `${operator} ${this.nodes.length}`;
    this.nodes.push(node(operator, inputs, [output], attributes));
    return output;
  }

  constant(item: OnnxTensor): string {
    this.constants.set(item.name, item);
    return item.name;
  }

  reshape(name: string, dims: readonly number[]): string {
    return this.apply('Reshape', [name, this.constant(integers(`shape ${dims.join('×')}`, dims))]);
  }
}

/** Every map becomes a picture of its own, as every wavelet sees one channel only. */
function stack(plan: Plan, signal: Signal): Signal {
  if (signal.channels === 1) return signal;
  const { side } = signal;
  const name = plan.reshape(signal.name, [-1, 1, side, side]);
  return { name, stacked: signal.stacked * signal.channels, channels: 1, side };
}

/** Mirrors at the borders, so that the picture's edge is not the strongest edge in it. */
function reflect(plan: Plan, { name }: Signal, border: number): string {
  const pads = plan.constant(integers(`border ${border}`, [0, 0, border, border, 0, 0, border, border]));
  return plan.apply('Pad', [name, pads], { mode: { text: 'reflect' } });
}

/** Low-pass and every second sample. */
function halve(plan: Plan, signal: Signal): Signal {
  const weight = plan.constant(tensor('halving', [1, 1, 4, 4], halvingWeights()));
  const single = stack(plan, signal);
  const name = plan.apply('Conv', [reflect(plan, single, 1), weight], { strides: { ints: [2, 2] } });
  return { ...single, name, side: signal.side / 2 };
}

/**
 * U: |x ∗ ψ_θ| for the L orientations. The modulus is √(S · (parts)²) with a 1×1 convolution S that adds real and imaginary squares:
 * so everything stays in the blocked layout of ONNX Runtime's convolutions, at twice the speed of ReduceL2.
 */
function modulus(plan: Plan, signal: Signal, stride = 1): Signal {
  const wavelets = plan.constant(tensor('wavelets', [2 * orientations, 1, waveletSide, waveletSide], morletWeights()));
  const pairs = plan.constant(tensor('pairs', [orientations, 2 * orientations, 1, 1], pairingWeights()));
  const single = stack(plan, signal);
  const padded = reflect(plan, single, (waveletSide - 1) / 2);
  const parts = plan.apply('Conv', [padded, wavelets], { strides: { ints: [stride, stride] } });
  const squares = plan.apply('Mul', [parts, parts]);
  const name = plan.apply('Sqrt', [plan.apply('Conv', [squares, pairs])]);
  return { name, stacked: single.stacked, channels: orientations, side: signal.side / stride };
}

/** S: the mean over each window of the grid, [−1, channels, grid, grid]. */
function average(plan: Plan, { name, side }: Signal, channels: number): string {
  const window = side / grid;
  const pooled = plan.apply('AveragePool', [name], {
    kernel_shape: { ints: [window, window] },
    strides: { ints: [window, window] },
  });
  return plan.reshape(pooled, [-1, channels, grid, grid]);
}

/** uint8 [N, size, size, 3] to luminance (1 channel) and red–green and yellow–blue (2 channels) within [−1, 1]. */
function opponentColours(plan: Plan): { luminance: Signal; chroma: Signal } {
  const channelsFirst = plan.apply('Transpose', [tensorNames.pixels], { perm: { ints: [0, 3, 1, 2] } });
  const rgb = plan.apply('Cast', [channelsFirst], { to: { int: elementTypes.float32 } });
  const mix = (name: string, rows: readonly (readonly number[])[]): Signal => {
    const weights = Float32Array.from(rows.flat(), (one) => one / 255);
    const weight = plan.constant(tensor(name, [rows.length, 3, 1, 1], weights));
    return { name: plan.apply('Conv', [rgb, weight]), stacked: 1, channels: rows.length, side: size };
  };
  return {
    luminance: mix('luminance', [[1 / 3, 1 / 3, 1 / 3]]),
    chroma: mix('chroma', [
      [1 / 2, -1 / 2, 0],
      [1 / 4, 1 / 4, -1 / 2],
    ]),
  };
}

/** A modulus that is only averaged is smooth enough to be taken at every second pixel: 1.6 times the speed of the whole network. */
function lastModulus(plan: Plan, signal: Signal): Signal {
  return modulus(plan, signal, signal.side > grid ? 2 : 1);
}

/** log(1 + sharpness · S) of averaged paths. */
function logarithm(plan: Plan, average: string): string {
  const sharpened = plan.apply('Mul', [average, plan.constant(scalar('sharpness', sharpness))]);
  return plan.apply('Log', [plan.apply('Add', [sharpened, plan.constant(scalar('one', 1))])]);
}

/** Takes a share of the channels' mean off each. A convolution, as ReduceMean adds up in another order for a batch of one. */
function centre(plan: Plan, name: string, count: number): string {
  const weights = centringWeights(count, shareOfMean);
  return plan.apply('Conv', [name, plan.constant(tensor(`centring ${count}`, [count, count, 1, 1], weights))]);
}

/** Channels of the map so far, [N, channels, grid, grid] each. */
interface Channels {
  readonly names: string[];
  count: number;
}

function collect(channels: Channels, name: string, count: number): void {
  channels.names.push(name);
  channels.count += count;
}

/** Averages a path, takes its logarithm and sets its orientations apart. `colours`: how many paths the signal holds. */
function collectPath(plan: Plan, channels: Channels, signal: Signal, colours = 1): void {
  const all = signal.stacked * signal.channels;
  const centred = centre(plan, logarithm(plan, average(plan, signal, all / colours)), all / colours);
  collect(channels, plan.reshape(centred, [-1, all, grid, grid]), all);
}

/**
 * The cascade: order 1 is |x ∗ ψ_j| at every scale j, order 2 is ||x ∗ ψ_j| ∗ ψ_k| for k > j. Scales are reached by halving the
 * picture, not by larger filters. Chroma begins at scale 2, as JPEG keeps no more of it, and ends at order 1.
 */
function cascade(plan: Plan): Channels {
  const channels: Channels = { names: [], count: 0 };
  let { luminance, chroma } = opponentColours(plan);
  for (const signal of [luminance, chroma]) collect(channels, average(plan, signal, signal.channels), signal.channels);
  for (let scale = 0; scale < scales; scale++) {
    let envelope = modulus(plan, luminance);
    collectPath(plan, channels, envelope);
    for (let second = scale + 1; second < scales; second++) {
      envelope = halve(plan, envelope);
      collectPath(plan, channels, lastModulus(plan, envelope));
    }
    if (scale > 0) collectPath(plan, channels, lastModulus(plan, chroma), 2);
    if (scale + 1 < scales) {
      luminance = halve(plan, luminance);
      chroma = halve(plan, chroma);
    }
  }
  return channels;
}

function scatterModel(): { model: OnnxModel; dimension: number } {
  const plan = new Plan();
  const { names, count: dimension } = cascade(plan);
  plan.nodes.push(
    node('Concat', names, [tensorNames.map], { axis: { int: 1 } }),
    node('ReduceMean', [tensorNames.map], [tensorNames.features], { axes: { ints: [2, 3] }, keepdims: { int: 0 } }),
  );
  const built = graph('scatter', {
    nodes: plan.nodes,
    initializers: [...plan.constants.values()],
    inputs: [value(tensorNames.pixels, 'uint8', ['N', size, size, 3])],
    outputs: [
      value(tensorNames.features, 'float32', ['N', dimension]),
      value(tensorNames.map, 'float32', ['N', dimension, grid, grid]),
    ],
  });
  return { model: model(built), dimension };
}

/**
 * A scattering network of order 2 without learned weights: J. Bruna, S. Mallat, "Invariant Scattering Convolution Networks"
 * (https://arxiv.org/abs/1203.1513), with separate colour channels after E. Oyallon, S. Mallat, "Deep Roto-Translation Scattering for
 * Object Classification" (https://arxiv.org/abs/1412.8659). Logarithms make it a linear head's business to divide order 2 by order 1.
 * It knows textures, edges and colours, not things: enough for drawings, far from enough for photos.
 */
export function scatterBackbone(): Backbone {
  const { model: built, dimension } = scatterModel();
  return {
    name: 'scatter',
    model: built,
    digest: createHash('sha256').update(encodeModel(built)).digest('hex'),
    dimension,
    hasMap: true,
    preprocessing: { size, resize: size, interpolation: 'bilinear', mean: [0, 0, 0], std: [1, 1, 1] },
    pretrainedOn: 'nothing: a fixed wavelet scattering network, without learned weights',
  };
}
