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
import { type Sums, sumNames } from './tensor-summary.ts';

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

export interface SummaryPart {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  /** The `sumNames` of every block, one after the other. */
  readonly output: OnnxValue;
}

/**
 * The sums over every watched tensor in a step whose input `told` is 1, and zeros in others, which then cost nothing.
 * Reductions read each block once, while it is in the cache.
 */
export function summaryNodes(watched: readonly WatchedTensor[]): SummaryPart {
  const blocks = watched.flatMap((one) => one.blocks.map(({ name }) => name));
  const output = value('sums', 'float32', [blocks.length * sumNames.length]);
  const taken = graph('taken', {
    inputs: [],
    outputs: [{ ...output, name: 'sums.taken' }],
    nodes: [
      ...blocks.flatMap(sumsOfBlock),
      node(
        'Concat',
        blocks.flatMap((name) => sumNames.map((sum) => `${name}/${sum}`)),
        ['sums.taken'],
        {
          axis: { int: 0 },
        },
      ),
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
      tensor('no_sums', [blocks.length * sumNames.length], new Float32Array(blocks.length * sumNames.length)),
      scalar('nothing', 0),
      tensor('flat', [1], BigInt64Array.of(-1n)),
    ],
    output,
  };
}

function sumsOfBlock(name: string): OnnxNode[] {
  const whole = `${name}/flat`;
  const over = (operator: string, sum: (typeof sumNames)[number]): OnnxNode =>
    node(operator, [whole], [`${name}/${sum}`], { keepdims: { int: 1 } });
  return [
    node('Reshape', [name, 'flat'], [whole]),
    over('ReduceSum', 'sum'),
    over('ReduceL1', 'absolute'),
    over('ReduceSumSquare', 'squares'),
    over('ReduceMin', 'minimum'),
    over('ReduceMax', 'maximum'),
    node('Greater', [whole, 'nothing'], [`${name}/above`]),
    node('Cast', [`${name}/above`], [`${name}/ones`], { to: { int: elementTypes.float32 } }),
    node('ReduceSum', [`${name}/ones`], [`${name}/positive`], { keepdims: { int: 1 } }),
  ];
}

/** One row of the output of `summaryNodes`, as the sums of every block. */
export function readSums(row: Float32Array): readonly Sums[] {
  const width = sumNames.length;
  return Array.from({ length: row.length / width }, (_, block) => {
    const [sum, absolute, squares, minimum, maximum, positive] = row.subarray(block * width, (block + 1) * width);
    return {
      sum: sum!,
      absolute: absolute!,
      squares: squares!,
      minimum: minimum!,
      maximum: maximum!,
      positive: positive!,
    };
  });
}
