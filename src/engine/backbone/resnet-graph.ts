import { userError } from '../../errors/index.ts';
import type { Preprocessing } from '../image/picture.ts';
import { graph, model, node, type OnnxModel, type OnnxNode, type OnnxTensor, tensor, value } from '../onnx/model.ts';
import { tensorNames } from './backbone.ts';
import { normalisePixels } from './pixels.ts';
import type { SafetensorsFile } from './safetensors.ts';
import type { ResnetDepth } from './spec.ts';

/** Blocks per stage and their kind: table 1 of He et al., "Deep Residual Learning for Image Recognition", arXiv:1512.03385. */
const plans: Readonly<Record<ResnetDepth, { blocks: readonly number[]; kind: 'basic' | 'bottleneck' }>> = {
  18: { blocks: [2, 2, 2, 2], kind: 'basic' },
  34: { blocks: [3, 4, 6, 3], kind: 'basic' },
  50: { blocks: [3, 4, 6, 3], kind: 'bottleneck' },
  101: { blocks: [3, 4, 23, 3], kind: 'bottleneck' },
  152: { blocks: [3, 8, 36, 3], kind: 'bottleneck' },
};

/** torchvision's BatchNorm2d default. */
const epsilon = 1e-5;

/** One convolution with its batch norm. `weights` are the prefixes of torchvision's keys. */
interface Convolution {
  readonly conv: string;
  readonly norm: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly stride: number;
}

interface Building {
  readonly weights: SafetensorsFile;
  readonly source: string;
  readonly network: string;
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
  /** Keys that were read. */
  readonly used: Set<string>;
}

export interface ResnetGraphOptions {
  readonly depth: ResnetDepth;
  readonly preprocessing: Preprocessing;
  /** What errors call the weights. */
  readonly source: string;
}

/**
 * A ResNet in canonical form (backbone.ts) from weights under torchvision's names, batch norms folded into the convolutions.
 * Tensors are read, folded and encoded one by one; the classifier `fc` is left in the file.
 * @throws WHIPPET_BACKBONE_WEIGHTS_MISMATCH when tensors are missing, of other shapes, or of another network.
 */
export async function buildResnet(
  weights: SafetensorsFile,
  { depth, preprocessing, source }: ResnetGraphOptions,
): Promise<{ readonly model: OnnxModel; readonly dimension: number }> {
  const { kind, blocks } = plans[depth];
  const expansion = kind === 'basic' ? 1 : 4;
  const network = `resnet${depth}`;
  const image = normalisePixels(preprocessing, { output: 'image', layout: 'NCHW', elementType: 'float32' });
  const building: Building = {
    weights,
    source,
    network,
    nodes: [...image.nodes],
    initializers: [...image.initializers],
    used: new Set(),
  };
  const stem = await convolve(building, 'image', {
    conv: 'conv1',
    norm: 'bn1',
    inputs: 3,
    outputs: 64,
    kernel: 7,
    stride: 2,
  });
  building.nodes.push(
    node('Relu', [stem], ['relu']),
    node('MaxPool', ['relu'], ['maxpool'], {
      kernel_shape: { ints: [3, 3] },
      strides: { ints: [2, 2] },
      pads: { ints: [1, 1, 1, 1] },
    }),
  );
  let channels = 64;
  let at = 'maxpool';
  for (const [stage, count] of blocks.entries()) {
    const width = 64 * 2 ** stage;
    for (let index = 0; index < count; index++) {
      const last = stage === blocks.length - 1 && index === count - 1;
      const block: Block = {
        prefix: `layer${stage + 1}.${index}`,
        inputs: channels,
        width,
        outputs: width * expansion,
        stride: stage > 0 && index === 0 ? 2 : 1,
      };
      at = await residual(building, at, { block, kind, output: last ? tensorNames.map : `${block.prefix}.relu` });
      channels = block.outputs;
    }
  }
  refuseForeignKeys(building);
  return { model: finish(building, channels, preprocessing.size), dimension: channels };
}

interface Block {
  readonly prefix: string;
  readonly inputs: number;
  readonly width: number;
  readonly outputs: number;
  readonly stride: number;
}

/** relu(F(x) + shortcut(x)). Bottlenecks stride in the 3×3 convolution, as torchvision's do ("ResNet V1.5"). */
async function residual(
  building: Building,
  input: string,
  { block, kind, output }: { block: Block; kind: 'basic' | 'bottleneck'; output: string },
): Promise<string> {
  const { prefix, inputs, width, outputs, stride } = block;
  const layers: Omit<Convolution, 'conv' | 'norm'>[] =
    kind === 'basic'
      ? [
          { inputs, outputs: width, kernel: 3, stride },
          { inputs: width, outputs, kernel: 3, stride: 1 },
        ]
      : [
          { inputs, outputs: width, kernel: 1, stride: 1 },
          { inputs: width, outputs: width, kernel: 3, stride },
          { inputs: width, outputs, kernel: 1, stride: 1 },
        ];
  let at = input;
  for (const [index, layer] of layers.entries()) {
    const number = index + 1;
    at = await convolve(building, at, { ...layer, conv: `${prefix}.conv${number}`, norm: `${prefix}.bn${number}` });
    if (number === layers.length) break;
    building.nodes.push(node('Relu', [at], [`${at}.relu`]));
    at = `${at}.relu`;
  }
  let shortcut = input;
  if (stride !== 1 || inputs !== outputs) {
    const names = { conv: `${prefix}.downsample.0`, norm: `${prefix}.downsample.1` };
    shortcut = await convolve(building, input, { ...names, inputs, outputs, kernel: 1, stride });
  }
  building.nodes.push(node('Add', [at, shortcut], [`${prefix}.sum`]), node('Relu', [`${prefix}.sum`], [output]));
  return output;
}

/** Appends a convolution with its batch norm folded in; returns the name of its output. */
async function convolve(building: Building, input: string, convolution: Convolution): Promise<string> {
  const { conv, norm, inputs, outputs, kernel, stride } = convolution;
  const shape = [outputs, inputs, kernel, kernel];
  const weight = await read(building, `${conv}.weight`, shape);
  const [gamma, beta, mean, variance] = await Promise.all(
    ['weight', 'bias', 'running_mean', 'running_var'].map((key) => read(building, `${norm}.${key}`, [outputs])),
  );
  const bias = new Float32Array(outputs);
  const perOutput = weight.length / outputs;
  for (let output = 0; output < outputs; output++) {
    // y = γ (Wx − μ) / √(σ² + ε) + β = (γ / √(σ² + ε)) W x + (β − μ γ / √(σ² + ε))
    const scale = gamma![output]! / Math.sqrt(variance![output]! + epsilon);
    bias[output] = beta![output]! - mean![output]! * scale;
    for (let at = output * perOutput; at < (output + 1) * perOutput; at++) weight[at]! *= scale;
  }
  const pad = (kernel - 1) / 2;
  building.initializers.push(tensor(`${conv}.weight`, shape, weight), tensor(`${conv}.bias`, [outputs], bias));
  building.nodes.push(
    node('Conv', [input, `${conv}.weight`, `${conv}.bias`], [conv], {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [stride, stride] },
      pads: { ints: [pad, pad, pad, pad] },
    }),
  );
  return conv;
}

async function read(
  { weights, used, source, network }: Building,
  name: string,
  shape: readonly number[],
): Promise<Float32Array> {
  const found = weights.shape(name);
  if (!found)
    throw userError('WHIPPET_BACKBONE_WEIGHTS_MISMATCH', { source, network, problem: `the tensor ${name} is missing` });
  if (found.join() !== shape.join()) {
    const problem = `the tensor ${name} is [${found.join(', ')}] instead of [${shape.join(', ')}]`;
    throw userError('WHIPPET_BACKBONE_WEIGHTS_MISMATCH', { source, network, problem });
  }
  used.add(name);
  return await weights.read(name);
}

/** A deeper network's weights contain a shallower one's names: what is left over tells. */
function refuseForeignKeys({ weights, used, source, network }: Building): void {
  const known = (name: string): boolean =>
    used.has(name) || name.startsWith('fc.') || name.endsWith('.num_batches_tracked');
  const foreign = weights.names.find((name) => !known(name));
  if (foreign === undefined) return;
  const problem = `it has a tensor ${foreign} that the network has not`;
  throw userError('WHIPPET_BACKBONE_WEIGHTS_MISMATCH', { source, network, problem });
}

function finish({ network, nodes, initializers }: Building, dimension: number, size: number): OnnxModel {
  nodes.push(
    node('GlobalAveragePool', [tensorNames.map], ['avgpool']),
    node('Flatten', ['avgpool'], [tensorNames.features], { axis: { int: 1 } }),
  );
  // Five halvings, each rounded up: stem, pooling, and the first blocks of stages 2 to 4.
  const side = Math.ceil(size / 32);
  return model(
    graph(network, {
      nodes,
      initializers,
      inputs: [value(tensorNames.pixels, 'uint8', ['N', size, size, 3])],
      outputs: [
        value(tensorNames.features, 'float32', ['N', dimension]),
        value(tensorNames.map, 'float32', ['N', dimension, side, side]),
      ],
    }),
  );
}
