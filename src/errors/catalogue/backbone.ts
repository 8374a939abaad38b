import { defineError } from '../definition.ts';

interface Source {
  source: string;
}

const suggestion = (nearest: string | undefined): string => (nearest === undefined ? '' : ` Did you mean ${nearest}?`);

export const backboneErrors = {
  WHIPPET_BACKBONE_OFFLINE: defineError<{ url: string; path: string }>({
    message: ({ url, path }) => `The weights ${path} are missing, and nothing may be downloaded here (from ${url}).`,
    remedy:
      'Give the weights as a file (in a container: the channel "weights"), or put them into the cache by a run that may download.',
  }),
  WHIPPET_BACKBONE_UNKNOWN: defineError<{ spec: string; nearest: string | undefined }>({
    message: ({ spec, nearest }) => `There is no backbone "${spec}".${suggestion(nearest)}`,
    remedy: 'Choose scatter, resnet18, resnet34, resnet50, resnet101, resnet152 (:v1 or :v2), or onnx:FILE.',
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_NO_SUCH_WEIGHTS: defineError<{ spec: string; available: string }>({
    message: ({ spec }) =>
      `There are no weights for ${spec}: torchvision published V2 weights of ResNet-50 and deeper only.`,
    remedy: ({ available }) => `Use ${available}.`,
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_OPTION: defineError<{ option: string; spec: string; where: string }>({
    message: ({ option, spec }) => `${option} means nothing to the backbone ${spec}.`,
    remedy: ({ option, where }) => `Leave ${option} out, or use it with ${where}.`,
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_DEVICE: defineError<{ device: string }>({
    message: ({ device }) => `The device "${device}" is not supported: Whippet computes on the CPU.`,
    remedy: ({ device }) =>
      device === 'cuda'
        ? 'Use --device cpu. CUDA will need Linux on x64, an NVIDIA driver with CUDA 12, cuDNN 9 and the GPU build of onnxruntime-node.'
        : 'Use --device cpu.',
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_FILE: defineError<Source & { reason: string }>({
    message: ({ source, reason }) => `${source} cannot be read: ${reason}.`,
    remedy: 'Check the path, and that you may read the file.',
  }),
  WHIPPET_BACKBONE_INPUT: defineError<Source & { found: string }>({
    message: ({ source, found }) => `${source} does not take one picture as its input: it takes ${found}.`,
    remedy: 'Export a model with one input, float32 or float16 [N, 3, H, W] (or [N, H, W, 3]) with H = W or free.',
  }),
  WHIPPET_BACKBONE_OPSET: defineError<Source & { opset: number }>({
    message: ({ source, opset }) => `${source} is written for ONNX opset ${opset}; opset 7 or newer is needed.`,
    remedy: 'Export it again with opset 17, or convert it with onnx.version_converter.',
  }),
  WHIPPET_BACKBONE_FEATURES_UNCLEAR: defineError<Source & { candidates: readonly string[] }>({
    message: ({ source }) =>
      `${source} does not say which of its tensors are the features: no output is named so, and no single layer classifies.`,
    remedy: ({ candidates }) => `Name one with --features NAME. Candidates: ${candidates.join(', ') || 'none found'}.`,
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_FEATURES_UNKNOWN: defineError<
    Source & { name: string; nearest: string | undefined; candidates: readonly string[] }
  >({
    message: ({ source, name, nearest }) => `${source} has no tensor "${name}".${suggestion(nearest)}`,
    remedy: ({ candidates }) =>
      `Name a tensor that it computes, for example: ${candidates.join(', ') || 'none found'}.`,
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_FEATURES_SHAPE: defineError<Source & { name: string; shape: string }>({
    message: ({ source, name, shape }) =>
      `The tensor "${name}" of ${source} has the shape ${shape} for 2 pictures: not one vector, nor one feature map, for each.`,
    remedy: 'Name another with --features NAME: [N, D], [N, D, 1, 1], or a map [N, D, h, w], which is then averaged.',
  }),
  WHIPPET_BACKBONE_NOT_FINITE: defineError<Source & { name: string }>({
    message: ({ source, name }) =>
      `The features "${name}" of ${source} are not finite numbers, or all zero, on a test picture.`,
    remedy: 'Check the weights and the preprocessing (--mean and --std are in units of pixel ÷ 255).',
  }),
  WHIPPET_BACKBONE_RUN: defineError<Source & { size: number; reason: string }>({
    message: ({ source, size, reason }) =>
      `${source} cannot be run on a picture of ${size} × ${size} pixels: ${reason}.`,
    remedy: 'Give the size it was exported for with --size, or export it again.',
  }),
  WHIPPET_BACKBONE_BATCH: defineError<Source & { reason: string }>({
    message: ({ source, reason }) => `${source} cannot take several pictures at once: ${reason}.`,
    remedy: 'Export it with a free batch dimension (torch.onnx.export: dynamic_axes={"input": {0: "N"}}).',
  }),
  WHIPPET_BACKBONE_SIZE: defineError<Source & { asked: number; fixed: number }>({
    message: ({ source, asked, fixed }) =>
      `${source} takes pictures of ${fixed} × ${fixed} pixels only; ${asked} were asked for.`,
    remedy: ({ fixed }) => `Leave the size out, or give ${fixed}.`,
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_PREPROCESSING: defineError<Source & { problem: string }>({
    message: ({ source, problem }) => `The preprocessing given by ${source} is wrong: ${problem}.`,
    remedy:
      'It takes size (pixels), resize (pixels, at least the size, or "squash"), interpolation ("bilinear" or "bicubic"), mean and std (three numbers each, in units of pixel ÷ 255), pretrainedOn (text).',
    exitCode: 2,
  }),
  WHIPPET_BACKBONE_WEIGHTS_MALFORMED: defineError<Source & { reason: string }>({
    message: ({ source, reason }) => `${source} is not a readable safetensors file: ${reason}.`,
    remedy:
      'Download or copy it again; save PyTorch weights with safetensors.torch.save_file(model.state_dict(), "model.safetensors").',
  }),
  WHIPPET_BACKBONE_WEIGHTS_MISMATCH: defineError<Source & { network: string; problem: string }>({
    message: ({ source, network, problem }) => `${source} does not hold the weights of a ${network}: ${problem}.`,
    remedy: ({ network }) =>
      `Give the weights of torchvision's ${network} under its own names, or name the network that they belong to.`,
  }),
  WHIPPET_BACKBONE_WEIGHTS_CHANGED: defineError<{ path: string; expected: string; actual: string }>({
    message: ({ path, expected, actual }) =>
      `${path} has the SHA-256 ${actual}; when it was downloaded it had ${expected}.`,
    remedy: ({ path }) => `Delete ${path} to have it downloaded again; its lock file keeps the digest to expect.`,
  }),
  WHIPPET_BACKBONE_WEIGHTS_UNVERIFIED: defineError<{ url: string; expected: string; actual: string }>({
    message: ({ url, expected, actual }) =>
      `${url} is not what its host announces: ${expected} was announced, ${actual} came.`,
    remedy: 'It was changed on its way and has been removed. Try again, or through another network or mirror.',
  }),
  WHIPPET_BACKBONE_WEIGHTS_LOCK: defineError<{ path: string }>({
    message: ({ path }) => `${path} is not a lock file of Whippet's.`,
    remedy: 'Delete it together with the weights beside it; they will be downloaded again.',
  }),
};
