import type { Sample } from '../dataset/dataset.ts';
import type { ExtractedFeatures, ExtractionOptions } from './features.ts';

export declare function extractFeatures(
  samples: readonly Sample[],
  options: ExtractionOptions,
): Promise<ExtractedFeatures>;
