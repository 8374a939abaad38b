import type { Sample } from '../dataset/dataset.ts';
import type { PictureFacts } from '../image/picture.ts';
import { openFeatureCache } from './cache/feature-cache.ts';
import { computeMissing, extractionWorker } from './compute.ts';
import type { ExtractedFeatures, ExtractionOptions } from './features.ts';
import { type Plan, planExtraction } from './plan.ts';
import { reportProgress } from './progress.ts';
import { collectRefusals, type Refusals } from './refusals.ts';
import { runtimeVersions } from './versions.ts';

const defaultLimitBytes = 4 * 1024 ** 3;

/**
 * Passes each picture through the backbone once, ever: what the cache knows is read, the rest is computed by worker processes and
 * kept as it comes, so that a killed run continues where it was. Pictures that cannot be used are told as `picture-refused` and
 * left out. The features are the same bits whatever came from the cache and however many workers there are.
 * @throws the refusal of the first bad picture if `strict`, the signal's reason, WHIPPET_ONNX_LOAD, WHIPPET_FEATURES_WORKERS
 */
export async function extractFeatures(
  samples: readonly Sample[],
  options: ExtractionOptions,
): Promise<ExtractedFeatures> {
  const { backbone, views, workers, cacheDirectory, signal, strict = false, onEvent = () => {} } = options;
  signal?.throwIfAborted();
  const cache = openFeatureCache({
    cacheDirectory,
    baseDirectories: options.baseCacheDirectories,
    limitBytes: options.cacheLimitBytes ?? defaultLimitBytes,
    backbone,
    views,
    versions: runtimeVersions(),
    now: Date.now,
    onTrouble: ({ code, message }) => onEvent({ type: 'warning', code, message }),
  });
  try {
    const plan = planExtraction(samples, {
      ...{ cache, views, dimension: backbone.dimension },
      knownRefusals: options.knownRefusals,
    });
    const refusals = collectRefusals(samples, { strict, onEvent });
    for (const [picture, refused] of plan.refused) for (const index of picture.samples) refusals.add(index, refused);
    const left = plan.pictures.reduce((sum, { missing, samples: same }) => sum + (missing.length && same.length), 0);
    const progress = reportProgress(samples.length, samples.length - left, onEvent, () => performance.now());
    const onDone = progress.advance;
    const computed = await computeMissing(samples, plan, {
      ...{ backbone, views, workers, workerFile: extractionWorker(), cache, refusals, signal, onDone },
    });
    progress.finish();
    const { dimension } = backbone;
    return { ...assemble(samples, plan, { refusals, views: views.length, dimension }), cached: plan.cached, computed };
  } finally {
    cache.close();
  }
}

type Assembled = Pick<ExtractedFeatures, 'samples' | 'facts' | 'features' | 'refused' | 'viewsPerSample'>;

/** Moves the rows of usable samples together, in their order. */
function assemble(
  samples: readonly Sample[],
  { pictures, data }: Plan,
  { refusals, views, dimension }: { refusals: Refusals; views: number; dimension: number },
): Assembled {
  const stride = views * dimension;
  const homeOf = new Int32Array(samples.length);
  const factsOf: PictureFacts[] = new Array(samples.length);
  for (const { samples: same, facts } of pictures) {
    const [first] = same;
    const usable = same.filter((index) => !refusals.has(index));
    const [home] = usable;
    if (home === undefined || first === undefined || !facts) continue;
    // The rows lie with the first file; where that one cannot be read, they move to the first that can.
    data.copyWithin(home * stride, first * stride, (first + 1) * stride);
    for (const index of usable) {
      homeOf[index] = home;
      factsOf[index] = facts;
    }
  }
  const kept: number[] = [];
  const placeOf = new Map<number, number>();
  samples.forEach((_, index) => {
    if (refusals.has(index)) return;
    const from = placeOf.get(homeOf[index] as number) ?? index;
    placeOf.set(index, kept.length);
    data.copyWithin(kept.length * stride, from * stride, (from + 1) * stride);
    kept.push(index);
  });
  return {
    samples: kept.map((index) => samples[index] as Sample),
    facts: kept.map((index) => factsOf[index] as PictureFacts),
    viewsPerSample: views,
    features: { rows: kept.length * views, dimension, data: data.subarray(0, kept.length * stride) },
    refused: refusals.list(),
  };
}
