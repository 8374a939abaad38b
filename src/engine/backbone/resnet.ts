import type { Preprocessing } from '../image/picture.ts';
import { type Backbone, digestOf, type WeightsFacts } from './backbone.ts';
import {
  checkPreprocessing,
  imagenetMean,
  imagenetStd,
  type PreprocessingWish,
  resolvePreprocessing,
} from './preprocessing.ts';
import { buildResnet } from './resnet-graph.ts';
import { openSafetensors } from './safetensors.ts';
import type { ResnetDepth, ResnetVersion } from './spec.ts';
import { type AcquireOptions, acquireWeights, type WeightsSource, weightsAt } from './weights.ts';

export interface ResnetOptions extends AcquireOptions {
  readonly weightsFile?: string | undefined;
  readonly preprocessing?: PreprocessingWish | undefined;
}

/** How torchvision evaluates its weights: `ResNet50_Weights.IMAGENET1K_V1.transforms()` and V2's. */
const evaluation: Readonly<Record<ResnetVersion, Preprocessing>> = {
  v1: { size: 224, resize: 256, interpolation: 'bilinear', mean: imagenetMean, std: imagenetStd },
  v2: { size: 224, resize: 232, interpolation: 'bilinear', mean: imagenetMean, std: imagenetStd },
};

/**
 * Files whose SHA-256 huggingface.co's own page of the file states, with the revision it states it of. The other files are checked
 * against what the host announces with the download, and against their first download.
 */
const pins: Readonly<Record<string, { readonly revision: string; readonly sha256: string }>> = {
  'resnet18.tv_in1k': {
    revision: 'a987fd6b60f845221bfff84b6f0191273ba56ead',
    sha256: '694f673df6520a3158624e8a89af086f59923ee4cd7436fe5bc3bc71d295ad81',
  },
  'resnet50.tv_in1k': {
    revision: 'aa6c2d36d56bc0209040c02b5a7b7d7bf11d57b8',
    sha256: '5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888',
  },
  'resnet152.tv_in1k': {
    revision: '2a9b5c2460893a2ab13d8625db2383f3094d704f',
    sha256: '15897077afdf4d6334dc0c3f8e6fb483afb3faa9298c139f3c6eb29bca6ae5b2',
  },
};

/** torchvision's weights as timm publishes them: the same numbers under the same names, as safetensors. */
export function resnetSource(depth: ResnetDepth, version: ResnetVersion): WeightsSource {
  const repository = `resnet${depth}.${version === 'v1' ? 'tv_in1k' : 'tv2_in1k'}`;
  const pin = pins[repository];
  return {
    name: `resnet${depth}-${version}`,
    url: `https://huggingface.co/timm/${repository}/resolve/${pin?.revision ?? 'main'}/model.safetensors`,
    ...(pin ? { sha256: pin.sha256 } : {}),
  };
}

/** A ResNet with torchvision's ImageNet weights, from the cache, the net, or a file. @throws WHIPPET_BACKBONE_*, WHIPPET_NET_* */
export async function resnetBackbone(
  depth: ResnetDepth,
  version: ResnetVersion,
  options: ResnetOptions,
): Promise<Backbone> {
  const { path, facts } = await weightsOf(resnetSource(depth, version), options);
  const name = `resnet${depth}:${version}`;
  const given = options.preprocessing ?? {};
  const { preprocessing, from } = resolvePreprocessing([
    { from: 'the flags', ...checkPreprocessing(given, 'the flags') },
    // A size of one's own keeps the weights' proportion of crop to picture.
    {
      from: name,
      values: {
        ...evaluation[version],
        ...(given.size === undefined ? {} : { resize: resizeFor(version, given.size) }),
      },
    },
  ]);
  const weights = await openSafetensors(path, facts.source);
  try {
    const { model, dimension } = await buildResnet(weights, { depth, preprocessing, source: facts.source });
    return {
      name,
      model,
      digest: digestOf(model),
      dimension,
      hasMap: true,
      preprocessing,
      preprocessingFrom: from,
      pretrainedOn: describe(version, facts, options.weightsFile !== undefined),
      weights: facts,
    };
  } finally {
    await weights.close();
  }
}

async function weightsOf(
  source: WeightsSource,
  options: ResnetOptions,
): Promise<{ path: string; facts: WeightsFacts }> {
  const { weightsFile } = options;
  if (weightsFile === undefined) return await acquireWeights(source, options);
  return { path: weightsFile, facts: await weightsAt(weightsFile) };
}

function resizeFor(version: ResnetVersion, size: number): number {
  const { resize, size: usual } = evaluation[version];
  return Math.round((size * Number(resize)) / usual);
}

function describe(version: ResnetVersion, { sha256 }: WeightsFacts, isGiven: boolean): string {
  if (isGiven) return `unknown (weights file with SHA-256 ${sha256.slice(0, 16)}… given with --weights)`;
  return `ImageNet-1k (1.28 million photos, 1,000 classes) by torchvision, IMAGENET1K_${version.toUpperCase()}, BSD-3-Clause`;
}
