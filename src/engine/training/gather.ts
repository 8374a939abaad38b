import type { Backbone } from '../backbone/backbone.ts';
import type { Dataset, Split } from '../dataset/dataset.ts';
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
  const extract = (wanted: (split: Split) => boolean, views: readonly View[]): Promise<ExtractedFeatures> =>
    extractFeatures(
      dataset.samples.filter(({ split }) => wanted(split)),
      { ...work, backbone: { digest, dimension, preprocessing, modelFile }, views },
    );
  if (trainViews.length === 1 && trainViews[0]?.kind === 'center') {
    const all = await extract(() => true, centre);
    return { train: all, held: all };
  }
  return {
    train: await extract((split) => split === 'train', trainViews),
    held: await extract((split) => split !== 'train', centre),
  };
}
