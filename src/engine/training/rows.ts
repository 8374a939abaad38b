import type { Sample, Split } from '../dataset/dataset.ts';
import type { ExtractedFeatures, FeatureMatrix } from '../features/features.ts';

/** Rows of one split: `samples[i]` owns the rows `i × views … (i + 1) × views` of `features`. */
export interface SplitRows {
  readonly samples: readonly Sample[];
  readonly features: FeatureMatrix;
  /** One label per row. */
  readonly labels: Int32Array;
}

/** The part of an extraction that belongs to one split; with `firstViewOnly` one row per picture. */
export function rowsOf(extracted: ExtractedFeatures, split: Split, firstViewOnly = false): SplitRows {
  const { viewsPerSample, features } = extracted;
  const views = firstViewOnly ? 1 : viewsPerSample;
  const width = views * features.dimension;
  const indices = [...extracted.samples.keys()].filter((index) => extracted.samples[index]?.split === split);
  const data = new Float32Array(indices.length * width);
  const labels = new Int32Array(indices.length * views);
  for (const [row, index] of indices.entries()) {
    const start = index * viewsPerSample * features.dimension;
    data.set(features.data.subarray(start, start + width), row * width);
    labels.fill(extracted.samples[index]?.label ?? 0, row * views, (row + 1) * views);
  }
  return {
    samples: indices.map((index) => extracted.samples[index] as Sample),
    features: { rows: labels.length, dimension: features.dimension, data },
    labels,
  };
}
