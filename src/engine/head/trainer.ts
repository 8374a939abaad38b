import { seededRandom } from '../../random/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import { encodeModel } from '../onnx/model.ts';
import { openSession, type Tensor } from '../onnx/session.ts';
import { forwardModel } from './epoch-graph.ts';
import { zeroSlots } from './graph-inputs.ts';
import type { DenseLayer, Head } from './head.ts';
import type { HeadOptions } from './hyperparameters.ts';
import { cut, join, partsOf } from './input-parts.ts';
import { optimizerOf } from './optimizers.ts';
import { type HeadShape, parametersOf, stateOf } from './parameters.ts';
import type { HeadRecording } from './recording.ts';
import { learningRateAt } from './schedule.ts';
import { segmentsOf } from './segments.ts';
import { openStepper, type Position } from './stepper.ts';

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
  readonly record?: HeadRecording | undefined;
}

/** Sums over the pictures of an epoch, and over its steps. */
export interface EpochSums {
  /** Mean per picture. */
  readonly loss: number;
  /** Mean over the steps. */
  readonly norm: number;
  readonly learningRate: number;
}

/** All that later epochs depend on but the order of the rows. */
export interface Snapshot extends Position {
  /** How many epochs are done. */
  readonly epoch: number;
}

/** `epochs` × `rows` set the schedule's length. */
export interface TrainingPlan {
  readonly rows: number;
  readonly epochs: number;
}

/** Training step by step; holds native memory until released. */
export interface Trainer {
  /** Zero optimiser state and fresh parameters. Restarts the count of steps. */
  begin(parameters: State, plan: TrainingPlan): void;
  /** Goes on where a snapshot was taken: the epochs after it are the same bits. Returns false, and does nothing, for one of another shape. */
  resume(snapshot: Snapshot, plan: TrainingPlan): boolean;
  /** One pass over `order` (row indices, in the order in which they are used). */
  epoch(order: Int32Array): Promise<EpochSums>;
  /** The parameters now. Arrays are not changed by later epochs. */
  parameters(): State;
  snapshot(): Snapshot;
  /** Logits [rows × classes], by the parameters now unless others are given. */
  logits(features: FeatureMatrix, parameters?: State): Promise<Float32Array>;
  release(): Promise<void>;
}

export async function openTrainer(options: TrainerOptions): Promise<Trainer> {
  const { shape, head, threads, parts = partsOf(shape) } = options;
  const stepper = openStepper({ ...options, parts });
  const scorer = await openSession(encodeModel(forwardModel(shape)), { threads, source: 'the head' });
  const stateShape = stateOf(shape, optimizerOf(head), parts);
  const parameterShape = parametersOf(shape, parts);
  let at: Snapshot = { epoch: 0, step: 0, state: {} };
  let steps = 0;

  const current = (): State =>
    join(Object.fromEntries(parameterShape.map(({ name }) => [name, at.state[name]!])), parts);
  const stepsOf = ({ epochs, rows }: TrainingPlan): number =>
    epochs * Math.ceil(rows / Math.min(head.batch_size, rows));

  return {
    begin(parameters, plan) {
      const state = { ...cut(parameters, parts), ...zeroSlots(stateShape.slice(parameterShape.length)) };
      at = { epoch: 0, step: 0, state };
      steps = stepsOf(plan);
    },
    resume(snapshot, plan) {
      const fits = stateShape.every(({ name, dims }) => String(snapshot.state[name]?.dims) === String(dims));
      if (!fits) return false;
      at = snapshot;
      steps = stepsOf(plan);
      return true;
    },
    async epoch(order) {
      const { step: first } = at;
      const epoch = at.epoch + 1;
      const size = Math.min(head.batch_size, order.length);
      const losses: number[] = [];
      const norms: number[] = [];
      for (const segment of segmentsOf({ rows: order.length, size, first }, stepper)) {
        const ran = await stepper.run(order, segment, { ...at, epoch, steps });
        at = { epoch, step: ran.step, state: ran.state };
        for (const one of ran.losses) losses.push(one);
        for (const one of ran.norms) norms.push(one);
      }
      const whole = Math.floor(order.length / size);
      const loss = sum(losses.slice(0, whole)) * size + sum(losses.slice(whole)) * (order.length % size);
      const learningRate = learningRateAt(first + 1, steps, head);
      return { loss: loss / order.length, norm: sum(norms) / norms.length, learningRate };
    },
    parameters: current,
    snapshot: () => at,
    async logits(matrix, by = current()) {
      const input = { dims: [matrix.rows, matrix.dimension], data: matrix.data };
      const { logits } = await scorer.run({ features: input, ...by });
      return logits!.data as Float32Array;
    },
    async release() {
      await stepper.release();
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

/** The inverse of `headOf`. */
export function parametersIn({ layers }: Head): State {
  return Object.fromEntries(
    layers.flatMap(({ inputs, outputs, weight, bias }, i) => [
      [`weight${i}`, { dims: [inputs, outputs], data: weight }],
      [`bias${i}`, { dims: [outputs], data: bias }],
    ]),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0);
}
