import { reviveError, userError } from '../../errors/index.ts';
import type { Dataset } from './dataset.ts';

/**
 * What training needs of a data set, beyond that it can be read.
 * @throws WHIPPET_DATASET_ONE_CLASS, _NO_TRAIN, _NO_VALID, _CLASS_NOT_IN_TRAIN
 */
export function assertTrainable({ root, classes, samples }: Pick<Dataset, 'root' | 'classes' | 'samples'>): void {
  if (classes.length < 2) throw userError('WHIPPET_DATASET_ONE_CLASS', { path: root, name: classes[0] ?? '' });
  const trained = new Set(samples.filter(({ split }) => split === 'train').map(({ label }) => label));
  if (trained.size === 0) throw userError('WHIPPET_DATASET_NO_TRAIN', { path: root });
  const missing = classes.filter((_, label) => !trained.has(label));
  if (missing.length > 0) throw userError('WHIPPET_DATASET_CLASS_NOT_IN_TRAIN', { path: root, missing });
  if (!samples.some(({ split }) => split === 'valid')) {
    throw userError('WHIPPET_DATASET_NO_VALID', { path: root, pictures: samples.length });
  }
}

/**
 * Where nothing may be left out: the first file that does not begin like a picture ends the run, as one that cannot be decoded does.
 * @throws WHIPPET_IMAGE_*, as the file was refused
 */
export function assertNoneRefused({ refused: [first, ...others] }: Pick<Dataset, 'refused'>): void {
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` ${others.length} more cannot be used either.`;
  const remedy = 'Remove or replace it; without strict it is left out.';
  throw reviveError({ code: first.code, message: `${first.message}${more}`, remedy });
}
