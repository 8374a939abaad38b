import type { Sample } from '../dataset/dataset.ts';
import type { PictureFacts, View } from '../image/picture.ts';
import type { FeatureCache } from './cache/feature-cache.ts';
import type { ErrorJson } from './protocol.ts';

/** One content, however many files have it. */
export interface Picture {
  readonly digest: string;
  /** Indices of its samples. The features lie in the rows of the first. */
  readonly samples: readonly number[];
  facts: PictureFacts | undefined;
  /** Indices of the views to compute; none once it is refused. */
  missing: readonly number[];
}

export interface Plan {
  readonly pictures: readonly Picture[];
  /** `samples × views` rows, filled from the cache where it knew them. */
  readonly data: Float32Array;
  /** Pictures known to be no pictures. */
  readonly refused: ReadonlyMap<Picture, ErrorJson>;
  /** (picture, view) pairs that came from the cache. */
  readonly cached: number;
}

export interface PlanOptions {
  readonly cache: FeatureCache;
  readonly views: readonly View[];
  readonly dimension: number;
  readonly knownRefusals?: ReadonlyMap<string, ErrorJson> | undefined;
}

/** Finds what has to be computed, and loads what has not. */
export function planExtraction(
  samples: readonly Sample[],
  { cache, views, dimension, knownRefusals }: PlanOptions,
): Plan {
  const pictures = groupByContent(samples, views.length);
  const refused = new Map<Picture, ErrorJson>();
  const records = cache.findPictures(pictures.map(({ digest }) => digest));
  for (const picture of pictures) {
    const record = records.get(picture.digest);
    const refusal = record && 'refusal' in record ? record.refusal : knownRefusals?.get(picture.digest);
    if (refusal) {
      refused.set(picture, refusal);
      picture.missing = [];
    } else if (record && 'facts' in record) picture.facts = record.facts;
  }
  // Features without facts (an evicted or damaged segment) are not asked for: the picture has to be decoded anyway.
  const known = pictures.filter(({ facts }) => facts);
  const data = new Float32Array(samples.length * views.length * dimension);
  const bytes = new Uint8Array(data.buffer);
  const found = known.map(() => new Set<number>());
  cache.findFeatures(
    known.map(({ digest }) => digest),
    (at, view, row) => {
      const first = (known[at] as Picture).samples[0] as number;
      bytes.set(row, (first * views.length + view) * dimension * 4);
      found[at]?.add(view);
    },
  );
  let cached = 0;
  known.forEach((picture, at) => {
    const have = found[at] as Set<number>;
    cached += have.size;
    picture.missing = picture.missing.filter((view) => !have.has(view));
  });
  return { pictures, data, refused, cached };
}

function groupByContent(samples: readonly Sample[], views: number): Picture[] {
  const byDigest = new Map<string, number[]>();
  samples.forEach(({ digest }, index) => {
    const same = byDigest.get(digest);
    if (same) same.push(index);
    else byDigest.set(digest, [index]);
  });
  return [...byDigest].map(([digest, indices]) => ({
    digest,
    samples: indices,
    facts: undefined,
    missing: Array.from({ length: views }, (_, view) => view),
  }));
}
