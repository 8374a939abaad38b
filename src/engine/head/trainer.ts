import { seededRandom } from '../../random/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import { encodeModel } from '../onnx/model.ts';
import { openSession, type Tensor } from '../onnx/session.ts';
import { epochModel, forwardModel, type HeadShape, type Parameter, parametersOf, stateOf } from './epoch-graph.ts';
import type { DenseLayer, Head } from './head.ts';
import type { HeadOptions } from './hyperparameters.ts';
import { cut, join, partsOf } from './input-parts.ts';
import { type Optimizer, optimizerOf } from './optimizers.ts';
import { learningRateAt } from './schedule.ts';

export type State = Readonly<Record<string, Tensor>>;

export interface TrainerOptions {
  readonly shape: HeadShape;
  /** Standardised. */
  readonly features: FeatureMatrix;
  readonly labels: Int32Array;
  readonly classWeights: Float64Array;
  readonly head: HeadOptions;
  readonly threads: number;
  /** Into how many blocks the first weight is cut, a divisor of the inputs. Default: what suits the cache. */
  readonly parts?: number;
}

/** Sums over the pictures of an epoch, and over its steps. */
export interface EpochSums {
  /** Mean per picture. */
  readonly loss: number;
  /** Mean over the steps. */
  readonly norm: number;
  readonly learningRate: number;
}

/** Training step by step; holds native memory until released. */
export interface Trainer {
  /** Zero optimiser state and fresh parameters. Restarts the count of steps; `epochs` × `rows` set the schedule's length. */
  begin(parameters: State, plan: { readonly rows: number; readonly epochs: number }): void;
  /** One pass over `order` (row indices, in the order in which they are used). */
  epoch(order: Int32Array): Promise<EpochSums>;
  /** The parameters now. Arrays are not changed by later epochs. */
  parameters(): State;
  /** Logits of standardised rows, [rows × classes]. */
  logits(features: FeatureMatrix): Promise<Float32Array>;
  release(): Promise<void>;
}

export async function openTrainer({
  shape,
  features,
  labels,
  classWeights,
  head,
  threads,
  parts = partsOf(shape),
}: TrainerOptions): Promise<Trainer> {
  const optimizer = optimizerOf(head);
  const session = await openSession(encodeModel(epochModel(shape, optimizer, parts)), {
    threads,
    source: 'the training graph',
  });
  const scorer = await openSession(encodeModel(forwardModel(shape)), { threads, source: 'the head' });
  const { classes } = shape;
  const fixed = {
    features: { dims: [features.rows * parts, features.dimension / parts], data: features.data },
    labels: { dims: [labels.length], data: labels },
    targets: { dims: [classes, classes], data: smoothedTargets(classes, head.label_smoothing) },
    class_weights: { dims: [classes, 1], data: Float32Array.from(classWeights) },
  };
  const names = stateOf(shape, optimizer, parts).map(({ name }) => name);
  const parameterNames = parametersOf(shape, parts).map(({ name }) => name);
  let state: State = {};
  let step = 0;
  let steps = 0;

  const current = (): State => join(Object.fromEntries(parameterNames.map((name) => [name, state[name]!])), parts);

  /** `count` steps of `size` rows each, from `order[from]` on. */
  async function run(order: Int32Array, from: number, { size, count }: { size: number; count: number }) {
    const rates = coefficientsOf(optimizer, head, { first: step + 1, count, steps });
    const outputs = await session.run({
      ...fixed,
      share: { dims: [], data: Float32Array.of(1 / size) },
      permutation: { dims: [count, size], data: BigInt64Array.from(order.subarray(from, from + count * size), BigInt) },
      ...rates,
      ...Object.fromEntries(names.map((name) => [`${name}.start`, state[name]!])),
    });
    state = Object.fromEntries(names.map((name) => [name, outputs[`${name}.end`]!]));
    step += count;
    return { losses: outputs.losses!.data as Float32Array, norms: outputs.norms!.data as Float32Array };
  }

  return {
    begin(parameters, plan) {
      state = {
        ...cut(parameters, parts),
        ...zeroSlots(stateOf(shape, optimizer, parts).slice(parameterNames.length)),
      };
      step = 0;
      steps = plan.epochs * Math.ceil(plan.rows / Math.min(head.batch_size, plan.rows));
    },
    async epoch(order) {
      const size = Math.min(head.batch_size, order.length);
      const count = Math.floor(order.length / size);
      const rest = order.length - count * size;
      const learningRate = learningRateAt(step + 1, steps, head);
      const whole = await run(order, 0, { size, count });
      let loss = sum(whole.losses) * size;
      let norm = sum(whole.norms);
      if (rest > 0) {
        // The last, smaller batch has another shape and so takes a call of its own.
        const last = await run(order, count * size, { size: rest, count: 1 });
        loss += sum(last.losses) * rest;
        norm += sum(last.norms);
      }
      return { loss: loss / order.length, norm: norm / (count + (rest > 0 ? 1 : 0)), learningRate };
    },
    parameters: current,
    async logits(matrix) {
      const input = { dims: [matrix.rows, matrix.dimension], data: matrix.data };
      const { logits } = await scorer.run({ features: input, ...current() });
      return logits!.data as Float32Array;
    },
    async release() {
      await session.release();
      await scorer.release();
    },
  };
}

/**
 * Where training starts. The output layer is zero, so the first loss is ln(classes) whatever the features; a hidden layer is He-normal
 * (https://arxiv.org/abs/1502.01852) from the seed, as equal units would stay equal.
 */
export function initialParameters(shape: HeadShape, seed: number): State {
  const random = seededRandom(`${seed}/head/initial`);
  return Object.fromEntries(
    parametersOf(shape).map(({ name, dims }) => {
      const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
      if (shape.hidden > 0 && name === 'weight0') {
        const deviation = Math.sqrt(2 / shape.inputs);
        for (let i = 0; i < data.length; i++) data[i] = random.normal() * deviation;
      }
      return [name, { dims, data }];
    }),
  );
}

/** Parameters of the graph as layers. */
export function headOf(shape: HeadShape, parameters: State): Head {
  const layers: DenseLayer[] = [];
  for (let i = 0; parameters[`weight${i}`]; i++) {
    const { dims, data } = parameters[`weight${i}`]!;
    const bias = parameters[`bias${i}`]!.data as Float32Array;
    layers.push({ inputs: dims[0]!, outputs: dims[1]!, weight: data as Float32Array, bias });
  }
  if (layers.at(-1)?.outputs !== shape.classes) throw new RangeError('the parameters are of another shape');
  return { layers };
}

/** Row c: 1 − s + s/C at c, s/C elsewhere (Szegedy et al. 2016, https://arxiv.org/abs/1512.00567, section 7). */
function smoothedTargets(classes: number, smoothing: number): Float32Array {
  const targets = new Float32Array(classes * classes).fill(smoothing / classes);
  for (let c = 0; c < classes; c++) targets[c * classes + c] = 1 - smoothing + smoothing / classes;
  return targets;
}

function zeroSlots(slots: readonly Parameter[]): State {
  return Object.fromEntries(
    slots.map(({ name, dims }) => [name, { dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) }]),
  );
}

/** The optimiser's per-step scalars for `count` steps from `first` on, named as the graph's inputs. */
function coefficientsOf(
  optimizer: Optimizer,
  head: HeadOptions,
  { first, count, steps }: { readonly first: number; readonly count: number; readonly steps: number },
): State {
  const columns = optimizer.coefficients.map(() => new Float32Array(count));
  for (let i = 0; i < count; i++) {
    const values = optimizer.at(first + i, learningRateAt(first + i, steps, head));
    for (const [k, column] of columns.entries()) column[i] = values[k]!;
  }
  return Object.fromEntries(
    optimizer.coefficients.map((name, k) => [`${name}s`, { dims: [count], data: columns[k]! }]),
  );
}

function sum(values: Float32Array): number {
  return values.reduce((total, one) => total + one, 0);
}
