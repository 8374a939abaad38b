import type { Backbone } from '../backbone/backbone.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { openFeatureCache, type PictureRecord } from '../features/cache/feature-cache.ts';
import { runtimeVersions } from '../features/versions.ts';
import { viewName } from '../features/views.ts';
import type { View } from '../image/picture.ts';
import { partsToGather } from '../training/gather.ts';
import type { WorkOptions } from '../training/options.ts';
import type { ComputedPicture, WantedPicture } from './shared-work.ts';

/** The features that a training run needs and its caches do not have. */
export interface MissingFeatures {
  readonly wanted: ReadonlyMap<string, WantedPicture>;
  /** What is wrong with a picture that somebody else computed; nothing where it fits what is wanted. */
  problemOf(computed: ComputedPicture): string | undefined;
  /** Puts pictures without problems into the cache. */
  keep(computed: readonly ComputedPicture[]): void;
  /** False once the cache could not be written: what was kept may be lost. */
  readonly writable: boolean;
  /** Ends the work on the cache. */
  close(): void;
}

export interface MissingOptions {
  readonly backbone: Backbone;
  readonly trainViews: readonly View[];
  readonly work: Pick<WorkOptions, 'cacheDirectory' | 'baseCacheDirectories' | 'onEvent'>;
}

/** Looks up what `gatherFeatures` with the same options would have to compute. */
export function findMissing(dataset: Dataset, { backbone, trainViews, work }: MissingOptions): MissingFeatures {
  const parts = partsToGather(dataset, trainViews);
  // One object for each view: the cache knows them by identity.
  const views = [...new Map(parts.flatMap((part) => part.views).map((view) => [viewName(view), view])).values()];
  const cache = openFeatureCache({
    cacheDirectory: work.cacheDirectory,
    baseDirectories: work.baseCacheDirectories,
    // What was computed far away must not be gone before it is used; later runs keep within the limit.
    limitBytes: Number.POSITIVE_INFINITY,
    // The model is not opened here.
    backbone: { ...backbone, modelFile: '' },
    views,
    versions: runtimeVersions(),
    now: Date.now,
    onTrouble: ({ code, message }) => work.onEvent?.({ type: 'warning', code, message }),
  });
  const needed = new Map<string, Set<View>>();
  for (const part of parts) {
    const names = new Set(part.views.map(viewName));
    for (const { digest } of part.samples) {
      const mine = needed.get(digest) ?? new Set();
      for (const view of views) if (names.has(viewName(view))) mine.add(view);
      needed.set(digest, mine);
    }
  }
  const records = cache.findPictures([...needed.keys()]);
  const known = [...records].filter(([, record]) => 'facts' in record).map(([digest]) => digest);
  cache.findFeatures(known, (at, view) => needed.get(known[at] as string)?.delete(views[view] as View));
  const wanted = new Map<string, WantedPicture>();
  for (const [digest, left] of needed) {
    const record = records.get(digest);
    if (left.size > 0 && !(record && 'refusal' in record)) wanted.set(digest, { digest, views: [...left] });
  }
  const { dimension } = backbone;
  return {
    wanted,
    problemOf({ digest, outcome, rows }) {
      const picture = wanted.get(digest);
      if (!picture) return `the picture ${digest} was not asked for`;
      const expected = 'facts' in outcome ? picture.views.length * dimension : 0;
      if (rows.length !== expected) return `there are ${rows.length} numbers for a picture and not ${expected}`;
      return rows.every(Number.isFinite) ? undefined : 'there are features that are no finite numbers';
    },
    keep(computed) {
      const pictures = new Map<string, PictureRecord>();
      const features: { digest: string; view: View; row: Float32Array }[] = [];
      for (const { digest, outcome, rows } of computed) {
        if ('refused' in outcome) {
          if (outcome.holds === 'ever') pictures.set(digest, { refusal: outcome.refused });
          continue;
        }
        pictures.set(digest, { facts: outcome.facts });
        wanted.get(digest)?.views.forEach((view, at) => {
          features.push({ digest, view, row: rows.subarray(at * dimension, (at + 1) * dimension) });
        });
      }
      cache.saveFeatures(features);
      cache.savePictures(pictures);
    },
    get writable() {
      return cache.writable;
    },
    close: () => cache.close(),
  };
}
