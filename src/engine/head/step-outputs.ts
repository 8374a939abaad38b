import {
  elementTypes,
  graph,
  node,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  scalar,
  tensor,
  value,
} from '../onnx/model.ts';
import { type HeadShape, parametersOf } from './parameters.ts';
import type { Sums } from './tensor-summary.ts';

/** A tensor that steps tell of. `blocks` are its names in the graph: several for a weight that is cut into parts. */
export interface WatchedTensor {
  readonly kind: 'gradients' | 'weights' | 'activations';
  readonly name: string;
  readonly blocks: readonly OnnxValue[];
}

/** In the order of their sums in the graph's output. */
export function watchedTensors(shape: HeadShape, parts: number): readonly WatchedTensor[] {
  const parameters = parametersOf(shape, parts);
  const named = parametersOf(shape).map(({ name }) => ({
    name,
    blocks: parameters.filter((one) => one.name === name || one.name.startsWith(`${name}.`)),
  }));
  const suffixed = (kind: 'gradients' | 'weights', suffix: string): WatchedTensor[] =>
    named.map(({ name, blocks }) => ({
      ...{ kind, name },
      blocks: blocks.map((block) => value(`${block.name}.${suffix}`, 'float32', block.dims)),
    }));
  const activation = (name: string, width: number): WatchedTensor => ({
    ...{ kind: 'activations', name },
    blocks: [value(name, 'float32', ['B', width])],
  });
  return [
    ...suffixed('gradients', 'gradient'),
    ...suffixed('weights', 'next'),
    activation('logits', shape.classes),
    ...(shape.hidden > 0 ? [activation('units', shape.hidden)] : []),
  ];
}

type SumName = keyof Sums;

const sumNames: readonly SumName[] = ['sum', 'absolute', 'squares', 'minimum', 'maximum'];

function sumsOf({ kind }: WatchedTensor): readonly SumName[] {
  return kind === 'activations' ? [...sumNames, 'positive'] : sumNames;
}

export interface SummaryPart {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  /** The sums of every block, one after the other. */
  readonly output: OnnxValue;
}

/**
 * The sums over every watched tensor in a step whose input `told` is 1, and zeros in others, which then cost nothing.
 * Reductions read each block once, while it is in the cache.
 */
export function summaryNodes(watched: readonly WatchedTensor[]): SummaryPart {
  const sums = watched.flatMap((one) =>
    one.blocks.flatMap((block) => sumsOf(one).map((sum) => `${block.name}/${sum}`)),
  );
  const output = value('sums', 'float32', [sums.length]);
  const taken = graph('taken', {
    inputs: [],
    outputs: [{ ...output, name: 'sums.taken' }],
    nodes: [
      ...watched.flatMap((one) => one.blocks.flatMap((block) => sumsOfBlock(block.name, sumsOf(one)))),
      node('Concat', sums, ['sums.taken'], { axis: { int: 0 } }),
    ],
  });
  const none = graph('none', {
    inputs: [],
    outputs: [{ ...output, name: 'sums.none' }],
    nodes: [node('Identity', ['no_sums'], ['sums.none'])],
  });
  return {
    nodes: [
      node('Cast', ['told'], ['is_told'], { to: { int: elementTypes.bool } }),
      node('If', ['is_told'], ['sums'], { then_branch: { graph: taken }, else_branch: { graph: none } }),
    ],
    initializers: [
      tensor('no_sums', [sums.length], new Float32Array(sums.length)),
      scalar('nothing', 0),
      tensor('flat', [1], BigInt64Array.of(-1n)),
    ],
    output,
  };
}

const reductions: readonly (readonly [string, SumName])[] = [
  ['ReduceSum', 'sum'],
  ['ReduceL1', 'absolute'],
  ['ReduceSumSquare', 'squares'],
  ['ReduceMin', 'minimum'],
  ['ReduceMax', 'maximum'],
];

function sumsOfBlock(name: string, wanted: readonly SumName[]): OnnxNode[] {
  const whole = `${name}/flat`;
  const nodes = [
    node('Reshape', [name, 'flat'], [whole]),
    ...reductions.map(([operator, sum]) => node(operator, [whole], [`${name}/${sum}`], { keepdims: { int: 1 } })),
  ];
  if (!wanted.includes('positive')) return nodes;
  return [
    ...nodes,
    node('Greater', [whole, 'nothing'], [`${name}/above`]),
    node('Cast', [`${name}/above`], [`${name}/ones`], { to: { int: elementTypes.float32 } }),
    node('ReduceSum', [`${name}/ones`], [`${name}/positive`], { keepdims: { int: 1 } }),
  ];
}

/** One row of the output of `summaryNodes`: for each watched tensor the sums of its blocks. */
export function readSums(row: Float32Array, watched: readonly WatchedTensor[]): readonly (readonly Sums[])[] {
  let at = 0;
  return watched.map((one) =>
    one.blocks.map(() => Object.fromEntries(sumsOf(one).map((sum) => [sum, row[at++]!])) as Record<SumName, number>),
  );
}
