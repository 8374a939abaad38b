import {
  graph,
  integers,
  model,
  node,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
  scalar,
  value,
} from '../onnx/model.ts';
import { partName } from './input-parts.ts';
import type { Optimizer } from './optimizers.ts';
import { type HeadShape, type Parameter, parametersOf, stateOf } from './parameters.ts';
import { summaryNodes, watchedTensors } from './step-outputs.ts';

/** Logits: z = x·W₀ + b₀, or relu(x·W₀ + b₀)·W₁ + b₁, where x·W₀ is the sum over the parts of x and W₀. */
function forward(shape: HeadShape, x: readonly string[]): OnnxNode[] {
  const result = shape.hidden === 0 ? 'logits' : 'activation';
  const first = x.map((part, k) => {
    const weight = x.length === 1 ? 'weight0' : partName('weight0', k);
    const output = k === x.length - 1 ? result : `${result}.upto${k}`;
    return node('Gemm', [part, weight, k === 0 ? 'bias0' : `${result}.upto${k - 1}`], [output]);
  });
  if (shape.hidden === 0) return first;
  return [...first, node('Relu', ['activation'], ['units']), node('Gemm', ['units', 'weight1', 'bias1'], ['logits'])];
}

/** The batch, cut like the first weight. `features` comes as [N·parts, D ÷ parts], the same numbers in the same order. */
function gatherBatch(x: readonly string[]): OnnxNode[] {
  if (x.length === 1) return [node('Gather', ['features', 'rows'], [x[0]!])];
  return [
    node('Mul', ['rows', 'parts'], ['part_rows']),
    ...x.flatMap((part, k) => [
      node('Add', ['part_rows', `part${k}`], [`${part}.rows`]),
      node('Gather', ['features', `${part}.rows`], [part]),
    ]),
  ];
}

/**
 * What is minimised is L = Σᵢ wᵢ · H(tᵢ, softmax zᵢ) ÷ B with smoothed targets t and the class weight w of each row, so
 * ∂L/∂z = w·(softmax z − t) ÷ B. Divided by the number of rows and not by their weights: then the gradient is an unbiased estimate of
 * the whole set's. What is told is the plain mean of −ln softmax zᵢ at the labels, which the loss of `valid` can be compared with.
 */
function lossAndItsGradient(): OnnxNode[] {
  return [
    node('Gather', ['labels', 'rows'], ['label']),
    node('Gather', ['targets', 'label'], ['target']),
    node('Gather', ['class_weights', 'label'], ['class_weight']),
    node('Mul', ['class_weight', 'share'], ['weight']),
    node('LogSoftmax', ['logits'], ['log_probability'], { axis: { int: -1 } }),
    node('Unsqueeze', ['label', 'last_axis'], ['label_column']),
    node('GatherElements', ['log_probability', 'label_column'], ['likelihood'], { axis: { int: -1 } }),
    node('ReduceMean', ['likelihood'], ['mean_likelihood'], { keepdims: { int: 0 } }),
    node('Neg', ['mean_likelihood'], ['loss']),
    node('Exp', ['log_probability'], ['probability']),
    node('Sub', ['probability', 'target'], ['error']),
    node('Mul', ['error', 'weight'], ['logits.gradient']),
  ];
}

function weightGradient(weight: string, input: string, outputGradient: string): OnnxNode {
  return node('Gemm', [input, outputGradient], [`${weight}.gradient`], { transA: { int: 1 } });
}

function biasGradient(bias: string, outputGradient: string): OnnxNode {
  return node('ReduceSum', [outputGradient, 'first_axis'], [`${bias}.gradient`], { keepdims: { int: 0 } });
}

/** ∂L/∂W = xᵀ·∂L/∂z and ∂L/∂b = the column sums of ∂L/∂z, layer by layer from the last. */
function backward(shape: HeadShape, x: readonly string[]): OnnxNode[] {
  const top = shape.hidden === 0 ? 'logits.gradient' : 'activation.gradient';
  const first = [
    biasGradient('bias0', top),
    ...x.map((part, k) => weightGradient(x.length === 1 ? 'weight0' : partName('weight0', k), part, top)),
  ];
  if (shape.hidden === 0) return first;
  return [
    weightGradient('weight1', 'units', 'logits.gradient'),
    biasGradient('bias1', 'logits.gradient'),
    node('Gemm', ['logits.gradient', 'weight1'], ['units.gradient'], { transB: { int: 1 } }),
    node('Greater', ['activation', 'zero'], ['active']),
    node('Where', ['active', 'units.gradient', 'zero'], ['activation.gradient']),
    ...first,
  ];
}

function gradientNorm(parameters: readonly Parameter[]): OnnxNode[] {
  const squares = parameters.map(({ name }) => `${name}.squares`);
  return [
    ...parameters.map(({ name }) =>
      node('ReduceSumSquare', [`${name}.gradient`], [`${name}.squares`], { keepdims: { int: 0 } }),
    ),
    node('Sum', squares, ['all_squares']),
    node('Sqrt', ['all_squares'], ['norm']),
  ];
}

/** What steps tell besides loss and norm: the sums that summaries are made of, or also gradients and activations whole. */
export type StepDetail = 'none' | 'sums' | 'tensors';

export interface EpochOptions {
  readonly optimizer: Optimizer;
  /** Into how many blocks the first weight is cut; see input-parts.ts. */
  readonly parts: number;
  readonly detail: StepDetail;
}

/** Further outputs of a step, and what makes them. With `tensors` the gradients' blocks, `logits` and `units` come as they are named. */
function detailOf(shape: HeadShape, { parts, detail }: EpochOptions) {
  if (detail === 'none') return { inputs: [], nodes: [], initializers: [], outputs: [] };
  const watched = watchedTensors(shape, parts);
  const { nodes, initializers, output } = summaryNodes(watched);
  const whole = watched.filter(({ kind }) => kind !== 'weights').flatMap(({ blocks }) => blocks);
  return { inputs: ['told'], nodes, initializers, outputs: [output, ...(detail === 'tensors' ? whole : [])] };
}

/** One step: the body of the Scan. */
function stepGraph(shape: HeadShape, options: EpochOptions): { step: OnnxGraph; told: readonly OnnxValue[] } {
  const { optimizer, parts } = options;
  const parameters = parametersOf(shape, parts);
  const state = stateOf(shape, optimizer, parts);
  const x = Array.from({ length: parts }, (_, k) => `x${k}`);
  const detail = detailOf(shape, options);
  const told = [value('loss', 'float32', []), value('norm', 'float32', []), ...detail.outputs];
  const step = graph('step', {
    inputs: [
      ...state.map(({ name, dims }) => value(name, 'float32', dims)),
      value('rows', 'int64', ['B']),
      ...[...optimizer.coefficients, ...detail.inputs].map((name) => value(name, 'float32', [])),
    ],
    outputs: [...state.map(({ name, dims }) => value(`${name}.next`, 'float32', dims)), ...told],
    initializers: [
      ...optimizer.constants,
      ...(shape.hidden > 0 ? [scalar('zero', 0)] : []),
      integers('first_axis', [0]),
      integers('last_axis', [-1]),
      ...(parts > 1 ? [integers('parts', [parts]), ...x.map((_, k) => integers(`part${k}`, [k]))] : []),
      ...detail.initializers,
    ],
    nodes: [
      ...gatherBatch(x),
      ...forward(shape, x),
      ...lossAndItsGradient(),
      ...backward(shape, x),
      ...gradientNorm(parameters),
      ...parameters.flatMap(({ name, decayed }) => optimizer.update(name, `${name}.gradient`, decayed)),
      ...detail.nodes,
    ],
  });
  return { step, told };
}

/**
 * A whole epoch in one call: Scan over the S rows of `permutation` [S, B], each a step of forward, loss, backward and optimiser.
 * Inputs: features [N·parts, D ÷ parts], labels int32 [N], targets [C, C] (row = smoothed target of a class), class_weights [C, 1], share (1 ÷ B),
 * the state, permutation int64 [S, B], the optimiser's coefficients [S] and, with detail, `tolds` [S]: 1 where a step's sums are wanted.
 * Outputs: the state, and `loss.all` [S], `norm.all` [S] and likewise what detail adds.
 */
export function epochModel(shape: HeadShape, options: EpochOptions): OnnxModel {
  const { optimizer, parts, detail } = options;
  const state = stateOf(shape, optimizer, parts);
  const { step, told } = stepGraph(shape, options);
  const perStep = [...optimizer.coefficients, ...(detail === 'none' ? [] : ['told'])].map((name) => `${name}s`);
  const scanned = ['permutation', ...perStep];
  const start = (name: string): string => `${name}.start`;
  const end = (name: string): string => `${name}.end`;
  return model(
    graph('epoch', {
      inputs: [
        value('features', 'float32', ['N', shape.inputs / parts]),
        value('labels', 'int32', ['N']),
        value('targets', 'float32', [shape.classes, shape.classes]),
        value('class_weights', 'float32', [shape.classes, 1]),
        value('share', 'float32', []),
        ...state.map(({ name, dims }) => value(start(name), 'float32', dims)),
        value('permutation', 'int64', ['S', 'B']),
        ...perStep.map((name) => value(name, 'float32', ['S'])),
      ],
      outputs: [
        ...state.map(({ name, dims }) => value(end(name), 'float32', dims)),
        ...told.map(({ name, dims }) => value(stackName(name), 'float32', ['S', ...dims])),
      ],
      nodes: [
        node(
          'Scan',
          [...state.map(({ name }) => start(name)), ...scanned],
          [...state.map(({ name }) => end(name)), ...told.map(({ name }) => stackName(name))],
          { body: { graph: step }, num_scan_inputs: { int: scanned.length } },
        ),
      ],
    }),
  );
}

/** Name of the values of all steps, one under the other. */
export function stackName(name: string): string {
  return `${name}.all`;
}

/** Inputs: features [N, D] and the parameters; output: logits [N, C]. */
export function forwardModel(shape: HeadShape): OnnxModel {
  return model(
    graph('forward', {
      inputs: [
        value('features', 'float32', ['N', shape.inputs]),
        ...parametersOf(shape).map(({ name, dims }) => value(name, 'float32', dims)),
      ],
      outputs: [value('logits', 'float32', ['N', shape.classes])],
      nodes: forward(shape, ['features']),
    }),
  );
}
