import { graph, integers, model, node, type OnnxModel, type OnnxNode, scalar, value } from '../onnx/model.ts';
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

export function parametersOf({ inputs, hidden, classes }: HeadShape): readonly Parameter[] {
  const widths = hidden === 0 ? [inputs, classes] : [inputs, hidden, classes];
  return widths.slice(1).flatMap((outputs, i) => [
    { name: `weight${i}`, dims: [widths[i]!, outputs], decayed: true },
    { name: `bias${i}`, dims: [outputs], decayed: false },
  ]);
}

/** Names of everything that passes from step to step: parameters, then their optimiser slots. */
export function stateOf(shape: HeadShape, optimizer: Optimizer): readonly Parameter[] {
  const parameters = parametersOf(shape);
  const slots = optimizer.slots.flatMap((slot) => parameters.map((p) => ({ ...p, name: `${p.name}.${slot}` })));
  return [...parameters, ...slots];
}

/** Logits of the rows `x`: z = x·W₀ + b₀, or relu(x·W₀ + b₀)·W₁ + b₁. */
function forward(shape: HeadShape, x: string): OnnxNode[] {
  if (shape.hidden === 0) return [node('Gemm', [x, 'weight0', 'bias0'], ['logits'])];
  return [
    node('Gemm', [x, 'weight0', 'bias0'], ['activation']),
    node('Relu', ['activation'], ['units']),
    node('Gemm', ['units', 'weight1', 'bias1'], ['logits']),
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

/** Gradients of one dense layer from its input rows and the gradient of its output. */
function layerGradients(index: number, input: string, outputGradient: string): OnnxNode[] {
  return [
    node('Gemm', [input, outputGradient], [`weight${index}.gradient`], { transA: { int: 1 } }),
    node('ReduceSum', [outputGradient, 'first_axis'], [`bias${index}.gradient`], { keepdims: { int: 0 } }),
  ];
}

function backward(shape: HeadShape): OnnxNode[] {
  if (shape.hidden === 0) return layerGradients(0, 'x', 'logits.gradient');
  return [
    ...layerGradients(1, 'units', 'logits.gradient'),
    node('Gemm', ['logits.gradient', 'weight1'], ['units.gradient'], { transB: { int: 1 } }),
    node('Greater', ['activation', 'zero'], ['active']),
    node('Where', ['active', 'units.gradient', 'zero'], ['activation.gradient']),
    ...layerGradients(0, 'x', 'activation.gradient'),
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
 * Inputs: features [N, D], labels int32 [N], targets [C, C] (row = smoothed target of a class), class_weights [C, 1], share (1 ÷ B),
 * the state, permutation int32 [S, B] and the optimiser's coefficients [S]. Outputs: the state, losses [S], norms [S].
 */
export function epochModel(shape: HeadShape, optimizer: Optimizer): OnnxModel {
  const parameters = parametersOf(shape);
  const state = stateOf(shape, optimizer);
  const next = (name: string): string => `${name}.next`;
  const step = graph('step', {
    inputs: [
      ...state.map(({ name, dims }) => value(name, 'float32', dims)),
      value('rows', 'int32', ['B']),
      ...optimizer.coefficients.map((name) => value(name, 'float32', [])),
    ],
    outputs: [
      ...state.map(({ name, dims }) => value(next(name), 'float32', dims)),
      value('loss', 'float32', []),
      value('norm', 'float32', []),
    ],
    initializers: [...optimizer.constants, scalar('zero', 0), integers('first_axis', [0])],
    nodes: [
      node('Gather', ['features', 'rows'], ['x']),
      ...forward(shape, 'x'),
      ...lossAndItsGradient(),
      ...backward(shape),
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
        value('features', 'float32', ['N', shape.inputs]),
        value('labels', 'int32', ['N']),
        value('targets', 'float32', [shape.classes, shape.classes]),
        value('class_weights', 'float32', [shape.classes, 1]),
        value('share', 'float32', []),
        ...state.map(({ name, dims }) => value(start(name), 'float32', dims)),
        value('permutation', 'int32', ['S', 'B']),
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
      nodes: forward(shape, 'features'),
    }),
  );
}
