import type { Backbone } from '../backbone/backbone.ts';
import type { Dataset, Sample } from '../dataset/dataset.ts';
import { extractFeatures } from '../features/extract.ts';
import type { ExtractedFeatures } from '../features/features.ts';
import type { View } from '../image/picture.ts';
import { extractionGraphFile } from './extraction-graph.ts';
import type { WorkOptions } from './options.ts';

export interface GatheredFeatures {
  /** Training pictures, as many rows each as there are views. */
  readonly train: ExtractedFeatures;
  /** Pictures of the other splits, one centre view each. */
  readonly held: ExtractedFeatures;
}

const centre: readonly View[] = [{ kind: 'center' }];

/** Pictures by the views they are wanted in: all together, or those of `train` and the others. */
export function partsToGather(
  { samples }: Dataset,
  trainViews: readonly View[],
): { readonly samples: readonly Sample[]; readonly views: readonly View[] }[] {
  if (trainViews.length === 1 && trainViews[0]?.kind === 'center') return [{ samples, views: centre }];
  return [
    { samples: samples.filter(({ split }) => split === 'train'), views: trainViews },
    { samples: samples.filter(({ split }) => split !== 'train'), views: centre },
  ];
}

/**
 * Features of every picture, `test` included: its labels stay closed, but leakage can only be seen by those who look at all splits,
 * and the later evaluation finds its features in the cache.
 */
export async function gatherFeatures(
  dataset: Dataset,
  options: { readonly backbone: Backbone; readonly trainViews: readonly View[]; readonly work: WorkOptions },
): Promise<GatheredFeatures> {
  const { backbone, trainViews, work } = options;
  const { digest, dimension, preprocessing } = backbone;
  const modelFile = (): Promise<string> => extractionGraphFile(backbone, work.cacheDirectory);
  const extracted: ExtractedFeatures[] = [];
  for (const { samples, views } of partsToGather(dataset, trainViews)) {
    const part = { ...work, backbone: { digest, dimension, preprocessing, modelFile }, views };
    extracted.push(await extractFeatures(samples, part));
  }
  const [train, held = train] = extracted as [ExtractedFeatures, ExtractedFeatures?];
  return { train, held };
}
