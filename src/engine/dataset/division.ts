import { createHash } from 'node:crypto';
import type { Split } from './dataset.ts';

/** Of a data set that comes without splits: 80 % train, 10 % valid, 10 % test. */
const trainShare = 0.8;
const validShare = 0.1;

/** Uniform in [0, 1), by SHA-256 (48 bits): each picture's place is its own, so adding pictures never moves another. */
export function hashFraction(key: string): number {
  return createHash('sha256').update(key).digest().readUIntBE(0, 6) / 2 ** 48;
}

interface Dividable {
  readonly digest: string;
  readonly group?: string;
  readonly split?: Split;
}

/** Equal files share a digest and pictures of a group its name, so they always land together. */
function fractionOf({ digest, group }: Dividable): number {
  return hashFraction(group === undefined ? `picture ${digest}` : `group ${group}`);
}

function splitOf(fraction: number): Split {
  if (fraction < trainShare) return 'train';
  return fraction < trainShare + validShare ? 'valid' : 'test';
}

/**
 * Gives every picture a split. Those that have one keep it; but where train is given and valid is not, the same tenth by hash that
 * would be valid anyway is taken out of train.
 */
export function divide<T extends Dividable>(
  pictures: readonly T[],
): { divided: (T & { split: Split })[]; taken: number } {
  const given = new Set(pictures.map(({ split }) => split));
  const takeValid = given.has('train') && !given.has('valid') && !given.has(undefined);
  let taken = 0;
  const divided = pictures.map((picture) => {
    if (picture.split !== undefined && !(takeValid && picture.split === 'train'))
      return { ...picture, split: picture.split };
    const split = splitOf(fractionOf(picture));
    if (picture.split === undefined) return { ...picture, split };
    if (split === 'valid') taken++;
    return { ...picture, split: split === 'valid' ? split : picture.split };
  });
  return { divided, taken };
}
