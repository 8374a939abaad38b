import { nearest, userError } from '../../errors/index.ts';

export const resnetDepths = [18, 34, 50, 101, 152] as const;
export type ResnetDepth = (typeof resnetDepths)[number];
export type ResnetVersion = 'v1' | 'v2';

/** What `--backbone` names. */
export type BackboneSpec =
  | { readonly kind: 'scatter' }
  | { readonly kind: 'resnet'; readonly depth: ResnetDepth; readonly version: ResnetVersion }
  | { readonly kind: 'onnx'; readonly path: string };

const resnetNames = resnetDepths.flatMap((depth) => [`resnet${depth}`, `resnet${depth}:v1`, `resnet${depth}:v2`]);

/**
 * Reads `scatter`, `resnet50`, `resnet50:v2`, `onnx:FILE`. Without a version a ResNet is V1: its penultimate layer transfers better
 * (Kornblith et al., "Do Better ImageNet Models Transfer Better?", arXiv:1805.08974; pytorch/vision issue 8382).
 * @throws WHIPPET_BACKBONE_UNKNOWN, WHIPPET_BACKBONE_NO_SUCH_WEIGHTS
 */
export function parseBackboneSpec(spec: string): BackboneSpec {
  if (spec === 'scatter') return { kind: 'scatter' };
  if (spec.startsWith('onnx:') && spec.length > 'onnx:'.length)
    return { kind: 'onnx', path: spec.slice('onnx:'.length) };
  const match = /^resnet(\d+)(?::(v1|v2))?$/.exec(spec);
  const depth = resnetDepths.find((known) => String(known) === match?.[1]);
  if (depth === undefined) {
    throw userError('WHIPPET_BACKBONE_UNKNOWN', { spec, nearest: meantBy(spec) });
  }
  const version = match?.[2] === 'v2' ? 'v2' : 'v1';
  if (version === 'v2' && depth < 50) {
    throw userError('WHIPPET_BACKBONE_NO_SUCH_WEIGHTS', { spec, available: `resnet${depth}:v1 or resnet50:v2` });
  }
  return { kind: 'resnet', depth, version };
}

function meantBy(spec: string): string | undefined {
  if (spec.startsWith('onnx:')) return 'onnx:FILE';
  // A bare path to a model is the commonest slip.
  return spec.endsWith('.onnx') ? `onnx:${spec}` : nearest(spec, ['scatter', ...resnetNames]);
}
