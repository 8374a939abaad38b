import { seededRandom } from '../../random/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import { encodeModel } from '../onnx/model.ts';
import { openSession, type Tensor } from '../onnx/session.ts';
import { forwardModel, stackName } from './epoch-graph.ts';
import { coefficientsOf, fixedInputs, zeroSlots } from './graph-inputs.ts';
import { openGraphs } from './graph-sessions.ts';
import type { DenseLayer, Head } from './head.ts';
import type { HeadOptions } from './hyperparameters.ts';
import { cut, join, partsOf } from './input-parts.ts';
import { optimizerOf } from './optimizers.ts';
import { type HeadShape, parametersOf, stateOf } from './parameters.ts';
import type { HeadRecording } from './recording.ts';
import { learningRateAt } from './schedule.ts';
import { type Segment, segmentsOf } from './segments.ts';
import { openStepRecorder } from './step-recorder.ts';

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
export interface Snapshot {
  /** Epochs and steps that are done. */
  readonly epoch: number;
  readonly step: number;
  /** Parameters and optimiser state, by the names of the graph. */
  readonly state: State;
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
  /** Logits of standardised rows, [rows × classes]. */
  logits(features: FeatureMatrix): Promise<Float32Array>;
  release(): Promise<void>;
}

export async function openTrainer(options: TrainerOptions): Promise<Trainer> {
  const { shape, head, threads, parts = partsOf(shape), record } = options;
  const optimizer = optimizerOf(head);
  const recorder = record && openStepRecorder(record, { shape, parts });
  const graphs = openGraphs(shape, { optimizer, parts, detail: recorder?.detail ?? 'none', threads });
  const scorer = await openSession(encodeModel(forwardModel(shape)), { threads, source: 'the head' });
  const fixed = fixedInputs(options, parts);
  const stateShape = stateOf(shape, optimizer, parts);
  const parameterNames = parametersOf(shape, parts).map(({ name }) => name);
  let state: State = {};
  let step = 0;
  let epoch = 0;
  let steps = 0;

  const current = (): State => join(Object.fromEntries(parameterNames.map((name) => [name, state[name]!])), parts);
  const learningRate = (at: number): number => learningRateAt(at + 1, steps, head);
  const stepsOf = ({ epochs, rows }: TrainingPlan): number =>
    epochs * Math.ceil(rows / Math.min(head.batch_size, rows));

  /** The steps of a segment from a state on. Leaves the trainer's own state alone. */
  async function compute(order: Int32Array, segment: Segment, from: { state: State; step: number }) {
    const { row, size, count, whole } = segment;
    const { session, detail } = await graphs.of(whole);
    const told = Float32Array.from({ length: count }, (_, i) => Number(recorder?.tells(from.step + i)));
    return session.run({
      ...fixed,
      share: { dims: [], data: Float32Array.of(1 / size) },
      permutation: { dims: [count, size], data: BigInt64Array.from(order.subarray(row, row + count * size), BigInt) },
      ...coefficientsOf(optimizer, head, { first: from.step + 1, count, steps }),
      ...(detail !== 'none' && { tolds: { dims: [count], data: told } }),
      ...Object.fromEntries(stateShape.map(({ name }) => [`${name}.start`, from.state[name]!])),
    });
  }

  const stateIn = (outputs: State): State =>
    Object.fromEntries(stateShape.map(({ name }) => [name, outputs[`${name}.end`]!]));

  /** The `index`-th step of a segment that began at `from`, with its tensors. */
  async function again(order: Int32Array, segment: Segment, { index, ...from }: { index: number } & StartOfSteps) {
    const before = index === 0 ? from.state : stateIn(await compute(order, { ...segment, count: index }, from));
    const one = { ...segment, row: segment.row + index * segment.size, count: 1, whole: true };
    return compute(order, one, { state: before, step: from.step + index });
  }

  async function run(order: Int32Array, segment: Segment): Promise<StepLosses> {
    const from = { state, step };
    const outputs = await compute(order, segment, from);
    state = stateIn(outputs);
    step += segment.count;
    await recorder?.record({
      ...{ ...segment, epoch, first: from.step, outputs, learningRate },
      again: (index) => again(order, segment, { index, ...from }),
    });
    return { losses: dataOf(outputs, 'loss'), norms: dataOf(outputs, 'norm') };
  }

  return {
    begin(parameters, plan) {
      state = { ...cut(parameters, parts), ...zeroSlots(stateShape.slice(parameterNames.length)) };
      step = 0;
      epoch = 0;
      steps = stepsOf(plan);
    },
    resume(snapshot, plan) {
      const fits = stateShape.every(({ name, dims }) => String(snapshot.state[name]?.dims) === String(dims));
      if (fits) ({ state, step, epoch } = snapshot);
      steps = stepsOf(plan);
      return fits;
    },
    async epoch(order) {
      const size = Math.min(head.batch_size, order.length);
      const count = Math.floor(order.length / size);
      const rate = learningRate(step);
      epoch += 1;
      const losses: number[] = [];
      const norms: number[] = [];
      for (const segment of segmentsOf({ rows: order.length, size, first: step }, recorder)) {
        const ran = await run(order, segment);
        for (const one of ran.losses) losses.push(one);
        for (const one of ran.norms) norms.push(one);
      }
      const rest = order.length - count * size;
      const loss = sum(losses.slice(0, count)) * size + sum(losses.slice(count)) * rest;
      return { loss: loss / order.length, norm: sum(norms) / norms.length, learningRate: rate };
    },
    parameters: current,
    snapshot: () => ({ epoch, step, state }),
    async logits(matrix) {
      const input = { dims: [matrix.rows, matrix.dimension], data: matrix.data };
      const { logits } = await scorer.run({ features: input, ...current() });
      return logits!.data as Float32Array;
    },
    async release() {
      await graphs.release();
      await scorer.release();
    },
  };
}

interface StartOfSteps {
  readonly state: State;
  readonly step: number;
}

interface StepLosses {
  readonly losses: Float32Array;
  readonly norms: Float32Array;
}

function dataOf(outputs: State, name: string): Float32Array {
  return outputs[stackName(name)]!.data as Float32Array;
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

function sum(values: readonly number[]): number {
  return values.reduce((total, one) => total + one, 0);
}
