import { createHash } from 'node:crypto';
import { byCodePoint } from './code-points.ts';
import type { Dataset, Split } from './dataset.ts';

/**
 * SHA-256 (hex) over the sorted lines "digest class": names a split by its contents. Moving or renaming files changes nothing, one
 * picture more or another label does. Undefined for a split without pictures.
 */
export function splitDigest(dataset: Dataset, split: Split): string | undefined {
  const lines = dataset.samples
    .filter((sample) => sample.split === split)
    .map(({ digest, label }) => `${digest} ${dataset.classes[label]}\n`);
  if (lines.length === 0) return undefined;
  return createHash('sha256').update(lines.sort(byCodePoint).join('')).digest('hex');
}
