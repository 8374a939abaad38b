import { userError } from '../../errors/index.ts';
import { elementTypes, type OnnxGraph, type OnnxValue } from '../onnx/model.ts';

/** The input of a model that takes a picture. */
export interface PictureInput {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  readonly elementType: 'float32' | 'float16';
  /** The side, where the model fixes it. */
  readonly size: number | undefined;
}

const typeNames: ReadonlyMap<number, string> = new Map(
  Object.entries(elementTypes).map(([name, number]) => [number, name]),
);

function describe({ name, elementType, dims }: OnnxValue): string {
  return `"${name}" ${typeNames.get(elementType) ?? `of type ${elementType}`} [${dims.join(', ')}]`;
}

const isThree = (dim: number | string | undefined): boolean => dim === 3;
const fixed = (dim: number | string | undefined): number | undefined =>
  typeof dim === 'number' && dim > 0 ? dim : undefined;

/**
 * Finds the one input, a batch of square RGB pictures. Inputs that only name initializers (as IR versions below 4 demand) don't count.
 * @throws WHIPPET_BACKBONE_INPUT
 */
export function findPictureInput(graph: OnnxGraph, source: string): PictureInput {
  const initialized = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !initialized.has(name));
  const found = inputs.map(describe).join(' and ') || 'nothing';
  const refuse = (): never => {
    throw userError('WHIPPET_BACKBONE_INPUT', { source, found });
  };
  const [input] = inputs;
  if (!input || inputs.length > 1 || input.dims.length !== 4) return refuse();
  const [, second, third, fourth] = input.dims;
  const elementType = typeNames.get(input.elementType);
  if (elementType !== 'float32' && elementType !== 'float16') return refuse();
  const layout = isThree(second) ? 'NCHW' : isThree(fourth) ? 'NHWC' : refuse();
  const sides = layout === 'NCHW' ? [third, fourth] : [second, third];
  const [height, width] = sides.map(fixed);
  if (height !== undefined && width !== undefined && height !== width) return refuse();
  return { name: input.name, layout, elementType, size: height ?? width };
}
