import { graph, integers, model, node, type OnnxModel, type OnnxNode, scalar, value } from '../onnx/model.ts';
import { partName } from './input-parts.ts';
import type { Optimizer } from './optimizers.ts';

/** D features → (H ReLU units →) C logits; `hidden` 0 is a linear head. */
export interface HeadShape {
  readonly inputs: number;
  readonly hidden: number;
  readonly classes: number;
}

/** A tensor that training changes. Weights are [inputs × outputs], biases [outputs]. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly decayed: boolean;
}

/** `parts` > 1 cuts the first weight into that many blocks of rows; see input-parts.ts. */
export function parametersOf({ inputs, hidden, classes }: HeadShape, parts = 1): readonly Parameter[] {
  const width = hidden || classes;
  const names = parts === 1 ? ['weight0'] : Array.from({ length: parts }, (_, k) => partName('weight0', k));
  const first: readonly Parameter[] = [
    ...names.map((name) => ({ name, dims: [inputs / parts, width], decayed: true })),
    { name: 'bias0', dims: [width], decayed: false },
  ];
  if (hidden === 0) return first;
  const second = { name: 'weight1', dims: [hidden, classes], decayed: true };
  return [...first, second, { name: 'bias1', dims: [classes], decayed: false }];
}

/** Names of everything that passes from step to step: parameters, then their optimiser slots. */
export function stateOf(shape: HeadShape, optimizer: Optimizer, parts: number): readonly Parameter[] {
  const parameters = parametersOf(shape, parts);
  const slots = optimizer.slots.flatMap((slot) => parameters.map((p) => ({ ...p, name: `${p.name}.${slot}` })));
  return [...parameters, ...slots];
}

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
 * L = Σᵢ wᵢ · H(tᵢ, softmax zᵢ) ÷ B with smoothed targets t and the class weight w of each row, so ∂L/∂z = w·(softmax z − t) ÷ B.
 * Divided by the number of rows and not by their weights: then the gradient is an unbiased estimate of the whole set's.
 */
function lossAndItsGradient(): OnnxNode[] {
  return [
    node('Gather', ['labels', 'rows'], ['label']),
    node('Gather', ['targets', 'label'], ['target']),
    node('Gather', ['class_weights', 'label'], ['class_weight']),
    node('Mul', ['class_weight', 'share'], ['weight']),
    node('LogSoftmax', ['logits'], ['log_probability'], { axis: { int: -1 } }),
    node('Mul', ['target', 'log_probability'], ['likelihood']),
    node('Mul', ['likelihood', 'weight'], ['weighted']),
    node('ReduceSum', ['weighted'], ['negative_loss'], { keepdims: { int: 0 } }),
    node('Neg', ['negative_loss'], ['loss']),
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

/**
 * A whole epoch in one call: Scan over the S rows of `permutation` [S, B], each a step of forward, loss, backward and optimiser.
 * Inputs: features [N·parts, D ÷ parts], labels int32 [N], targets [C, C] (row = smoothed target of a class), class_weights [C, 1], share (1 ÷ B),
 * the state, permutation int64 [S, B] and the optimiser's coefficients [S]. Outputs: the state, losses [S], norms [S].
 */
export function epochModel(shape: HeadShape, optimizer: Optimizer, parts: number): OnnxModel {
  const parameters = parametersOf(shape, parts);
  const state = stateOf(shape, optimizer, parts);
  const x = Array.from({ length: parts }, (_, k) => `x${k}`);
  const next = (name: string): string => `${name}.next`;
  const step = graph('step', {
    inputs: [
      ...state.map(({ name, dims }) => value(name, 'float32', dims)),
      value('rows', 'int64', ['B']),
      ...optimizer.coefficients.map((name) => value(name, 'float32', [])),
    ],
    outputs: [
      ...state.map(({ name, dims }) => value(next(name), 'float32', dims)),
      value('loss', 'float32', []),
      value('norm', 'float32', []),
    ],
    initializers: [
      ...optimizer.constants,
      ...(shape.hidden > 0 ? [scalar('zero', 0)] : []),
      integers('first_axis', [0]),
      ...(parts > 1 ? [integers('parts', [parts]), ...x.map((_, k) => integers(`part${k}`, [k]))] : []),
    ],
    nodes: [
      ...gatherBatch(x),
      ...forward(shape, x),
      ...lossAndItsGradient(),
      ...backward(shape, x),
      ...gradientNorm(parameters),
      ...parameters.flatMap(({ name, decayed }) => optimizer.update(name, `${name}.gradient`, decayed)),
    ],
  });
  const scanned = ['permutation', ...optimizer.coefficients.map((name) => `${name}s`)];
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
        ...scanned.slice(1).map((name) => value(name, 'float32', ['S'])),
      ],
      outputs: [
        ...state.map(({ name, dims }) => value(end(name), 'float32', dims)),
        value('losses', 'float32', ['S']),
        value('norms', 'float32', ['S']),
      ],
      nodes: [
        node(
          'Scan',
          [...state.map(({ name }) => start(name)), ...scanned],
          [...state.map(({ name }) => end(name)), 'losses', 'norms'],
          { body: { graph: step }, num_scan_inputs: { int: scanned.length } },
        ),
      ],
    }),
  );
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
