import { stackName } from './epoch-graph.ts';
import { coefficientsOf, fixedInputs } from './graph-inputs.ts';
import { openGraphs } from './graph-sessions.ts';
import { optimizerOf } from './optimizers.ts';
import { stateOf } from './parameters.ts';
import { learningRateAt } from './schedule.ts';
import type { Segment } from './segments.ts';
import { openStepRecorder } from './step-recorder.ts';
import type { State, TrainerOptions } from './trainer.ts';

/** Between two steps. */
export interface Position {
  /** Parameters and optimiser state, by the names of the graph. */
  readonly state: State;
  /** How many steps are done. */
  readonly step: number;
}

/** A position in the course of a training. */
interface Start extends Position {
  /** The epoch at work, from 1. */
  readonly epoch: number;
  /** Length of the schedule. */
  readonly steps: number;
}

export interface RanSegment extends Position {
  /** Of each step. */
  readonly losses: Float32Array;
  readonly norms: Float32Array;
}

/** Takes steps through the training graph; keeps nothing between them but the graph's sessions. */
export interface Stepper {
  /** Whether a step's tensors are kept whole, so that it takes a segment of its own. */
  keeps(step: number): boolean;
  /** The steps of a segment, with their records. */
  run(order: Int32Array, segment: Segment, start: Start): Promise<RanSegment>;
  release(): Promise<void>;
}

export function openStepper(options: TrainerOptions & { readonly parts: number }): Stepper {
  const { shape, head, threads, parts, record } = options;
  const optimizer = optimizerOf(head);
  const recorder = record && openStepRecorder(record, { shape, parts });
  const graphs = openGraphs(shape, { optimizer, parts, detail: recorder?.detail ?? 'none', threads });
  const fixed = fixedInputs(options, parts);
  const names = stateOf(shape, optimizer, parts).map(({ name }) => name);
  const stateIn = (outputs: State): State => Object.fromEntries(names.map((name) => [name, outputs[`${name}.end`]!]));

  async function compute(order: Int32Array, segment: Segment, { state, step, steps }: Omit<Start, 'epoch'>) {
    const { row, size, count, whole } = segment;
    const { session, detail } = await graphs.of(whole);
    const told = Float32Array.from({ length: count }, (_, i) => Number(recorder?.tells(step + i)));
    return session.run({
      ...fixed,
      share: { dims: [], data: Float32Array.of(1 / size) },
      permutation: { dims: [count, size], data: BigInt64Array.from(order.subarray(row, row + count * size), BigInt) },
      ...coefficientsOf(optimizer, head, { first: step + 1, count, steps }),
      ...(detail !== 'none' && { tolds: { dims: [count], data: told } }),
      ...Object.fromEntries(names.map((name) => [`${name}.start`, state[name]!])),
    });
  }

  /** The `index`-th step of a segment that began at `start`, once more, with its tensors. */
  async function again(order: Int32Array, segment: Segment, { index, ...start }: Start & { readonly index: number }) {
    const state = index === 0 ? start.state : stateIn(await compute(order, { ...segment, count: index }, start));
    const one = { ...segment, row: segment.row + index * segment.size, count: 1, whole: true };
    return compute(order, one, { state, step: start.step + index, steps: start.steps });
  }

  return {
    keeps: (step) => recorder?.keeps(step) ?? false,
    async run(order, segment, start) {
      const outputs = await compute(order, segment, start);
      await recorder?.record({
        ...{ ...segment, epoch: start.epoch, first: start.step, outputs },
        learningRate: (step) => learningRateAt(step + 1, start.steps, head),
        again: (index) => again(order, segment, { ...start, index }),
      });
      const told = (name: string): Float32Array => outputs[stackName(name)]!.data as Float32Array;
      const position = { state: stateIn(outputs), step: start.step + segment.count };
      return { ...position, losses: told('loss'), norms: told('norm') };
    },
    release: graphs.release,
  };
}
