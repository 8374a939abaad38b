import type { StepRecord, TensorCollection, TensorSummary } from '../../rules/records.ts';
import type { Tensor } from '../onnx/session.ts';
import { type StepDetail, stackName } from './epoch-graph.ts';
import type { HeadShape } from './parameters.ts';
import type { HeadRecording, TensorSchedule } from './recording.ts';
import { readSums, type WatchedTensor, watchedTensors } from './step-outputs.ts';
import { addSums, areFinite, summarise, summaryOf } from './tensor-summary.ts';

type Outputs = Readonly<Record<string, Tensor>>;

/** Steps that ran in one call of the graph. */
export interface RanSteps {
  readonly epoch: number;
  /** Number of the first one, from 0. */
  readonly first: number;
  readonly count: number;
  /** Pictures per step. */
  readonly size: number;
  readonly outputs: Outputs;
  /** It was one step, and the outputs hold its tensors. */
  readonly whole: boolean;
  learningRate(step: number): number;
  /** The same step again, the `index`-th of these, with its tensors. */
  again(index: number): Promise<Outputs>;
}

/** Makes records of what the training graph puts out. */
export interface StepRecorder {
  /** What every step must put out. */
  readonly detail: StepDetail;
  tells(step: number): boolean;
  /** Whether tensors of this step are kept whole, so that it must run on its own. */
  keeps(step: number): boolean;
  record(steps: RanSteps): Promise<void>;
}

type Summaries = Pick<StepRecord, 'gradients' | 'weights' | 'activations'>;

export function openStepRecorder(
  recording: HeadRecording,
  { shape, parts }: { readonly shape: HeadShape; readonly parts: number },
): StepRecorder {
  const { stepsEvery = 1, tensorsAt = [] } = recording;
  const watched = watchedTensors(shape, parts);
  const tells = (step: number): boolean => stepsEvery > 0 && step % stepsEvery === 0;
  const collectionsAt = (step: number): Set<TensorCollection> =>
    new Set(tensorsAt.filter((schedule) => isDue(schedule, step)).flatMap(({ collections }) => collections));
  /** Nothing is told after the first step with NaN or Inf: training ends with it. */
  let diverged = false;

  async function recordStep(steps: RanSteps, index: number): Promise<void> {
    const step = steps.first + index;
    const loss = valueAt(steps.outputs, 'loss', index);
    const norm = valueAt(steps.outputs, 'norm', index);
    const finite = Number.isFinite(loss) && Number.isFinite(norm);
    if (finite && !tells(step)) return;
    const quick = finite ? quickSummaries(steps, { index, watched }) : undefined;
    const summaries = quick ?? exactSummaries(steps.whole ? steps.outputs : await steps.again(index), watched);
    diverged = !Number.isFinite(loss) || (!quick && holdsStrangers(summaries));
    // A sum of squares in float32 overflows long before the gradient does; a step that only does that is as ordinary as others.
    if (!finite && !diverged && !tells(step)) return;
    const gradientNorm = quick ? norm : normOf(summaries.gradients);
    const { epoch } = steps;
    const learningRate = steps.learningRate(step);
    recording.onRecord({ kind: 'step', step, epoch, loss, learningRate, gradientNorm, ...summaries });
  }

  return {
    detail: stepsEvery > 0 ? 'sums' : 'none',
    tells,
    keeps: (step) => collectionsAt(step).size > 0,
    async record(steps) {
      for (let index = 0; index < steps.count && !diverged; index++) await recordStep(steps, index);
      if (steps.whole && !diverged) keepTensors(steps, collectionsAt(steps.first), { watched, recording });
    },
  };
}

function isDue({ every, from = 0, to = Number.POSITIVE_INFINITY, steps = [] }: TensorSchedule, step: number): boolean {
  return steps.includes(step) || (every > 0 && step >= from && step < to && step % every === 0);
}

function valueAt(outputs: Outputs, name: 'loss' | 'norm', index: number): number {
  return outputs[stackName(name)]!.data[index] as number;
}

/** From the sums of the graph; undefined where they are not finite, or were not taken. */
function quickSummaries(
  { outputs, size }: RanSteps,
  { index, watched }: { readonly index: number; readonly watched: readonly WatchedTensor[] },
): Summaries | undefined {
  const all = outputs[stackName('sums')];
  if (!all) return undefined;
  const width = all.dims[1]!;
  const sums = readSums((all.data as Float32Array).subarray(index * width, (index + 1) * width), watched);
  if (!sums.every((blocks) => blocks.every(areFinite))) return undefined;
  return grouped(watched, ({ blocks }, at) => {
    const elements = blocks.reduce((sum, { dims }) => sum + elementsOf(dims, size), 0);
    return summaryOf(addSums(sums[at]!), elements);
  });
}

function exactSummaries(outputs: Outputs, watched: readonly WatchedTensor[]): Summaries {
  return grouped(watched, (tensor) => summarise(wholeTensor(tensor, outputs).data, tensor.kind === 'activations'));
}

function grouped(
  watched: readonly WatchedTensor[],
  summary: (tensor: WatchedTensor, index: number) => TensorSummary,
): Summaries {
  const groups: Record<WatchedTensor['kind'], Record<string, TensorSummary>> = {
    ...{ gradients: {}, weights: {}, activations: {} },
  };
  for (const [index, tensor] of watched.entries()) groups[tensor.kind][tensor.name] = summary(tensor, index);
  return groups;
}

/** ‖g‖² = Σ n·(variance + mean²) over the tensors. */
function normOf(gradients: StepRecord['gradients']): number {
  const squares = Object.values(gradients).map(({ elements, mean, variance }) => elements * (variance + mean * mean));
  return Math.sqrt(squares.reduce((sum, one) => sum + one, 0));
}

function holdsStrangers(summaries: Summaries): boolean {
  return Object.values(summaries).some((group) =>
    Object.values(group as Record<string, TensorSummary>).some(({ nan, infinite }) => nan + infinite > 0),
  );
}

/** `B` stands for the pictures of the step. */
function elementsOf(dims: readonly (number | string)[], size: number): number {
  return dims.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : size), 1);
}

/** A tensor of a step that ran on its own, its blocks put together. Weights are those after the step. */
function wholeTensor(
  { kind, blocks }: WatchedTensor,
  outputs: Outputs,
): { dims: readonly number[]; data: Float32Array } {
  const pieces = blocks.map(({ name }) => {
    if (kind === 'weights') return outputs[name.replace(/\.next$/, '.end')]!;
    const { dims, data } = outputs[stackName(name)]!;
    return { dims: dims.slice(1), data };
  });
  const [first] = pieces as [Tensor, ...Tensor[]];
  if (pieces.length === 1) return { dims: first.dims, data: first.data as Float32Array };
  const data = new Float32Array(pieces.reduce((sum, piece) => sum + piece.data.length, 0));
  let at = 0;
  for (const piece of pieces) {
    data.set(piece.data as Float32Array, at);
    at += piece.data.length;
  }
  return { dims: [first.dims[0]! * pieces.length, ...first.dims.slice(1)], data };
}

function keepTensors(
  { first: step, outputs }: RanSteps,
  collections: ReadonlySet<TensorCollection>,
  { watched, recording }: { readonly watched: readonly WatchedTensor[]; readonly recording: HeadRecording },
): void {
  for (const tensor of watched) {
    const collection = collectionOf(tensor);
    if (!collection || !collections.has(collection)) continue;
    recording.onRecord({ kind: 'tensor', step, collection, name: tensor.name, ...wholeTensor(tensor, outputs) });
  }
  if (!collections.has('losses')) return;
  const data = Float32Array.of(valueAt(outputs, 'loss', 0));
  recording.onRecord({ kind: 'tensor', step, collection: 'losses', name: 'loss', dims: [], data });
}

function collectionOf({ kind, name }: WatchedTensor): TensorCollection | undefined {
  if (kind === 'gradients') return 'gradients';
  if (kind === 'activations') return undefined;
  return name.startsWith('bias') ? 'biases' : 'weights';
}
