import { entryFile } from '../../entry/index.ts';
import { userError } from '../../errors/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import { defaultHeadOptions, type HeadOptions } from '../head/hyperparameters.ts';
import { checkRows, countLabels } from '../head/preparation.ts';
import { measureStandardisation, standardise } from '../head/standardisation.ts';
import { runInThread } from '../head/thread.ts';
import type { Suspicion } from './confident-learning.ts';
import type { AuditJob, FoldProgress } from './out-of-fold.ts';

export interface AuditOptions {
  readonly classes: number;
  /** Default 5: each picture is judged by a head that saw 80 % of the others. */
  readonly folds?: number;
  readonly seed: number;
  readonly threads?: number;
  onFold?(progress: FoldProgress): void;
  readonly signal?: AbortSignal;
}

/**
 * Ranks all rows by how little a head that never saw them believes their label, least first (Northcutt et al., "Confident Learning",
 * https://arxiv.org/abs/1911.00068). One row per picture, its centre view. Works in a thread of its own; after an abort the
 * signal's reason is thrown.
 * @throws WHIPPET_HEAD_NO_PICTURES, WHIPPET_HEAD_SINGLE_CLASS, WHIPPET_HEAD_NOT_FINITE, WHIPPET_HEAD_SHAPE
 */
export async function suspectLabels(
  features: FeatureMatrix,
  labels: Int32Array,
  options: AuditOptions,
): Promise<readonly Suspicion[]> {
  const { classes, folds = 5, seed, threads = 1, onFold, signal } = options;
  checkRows(features, labels, { split: 'audited', classes });
  const present = countLabels(labels, classes).filter((count) => count > 0).length;
  if (present < 2) throw userError('WHIPPET_HEAD_SINGLE_CLASS', { classes: present });
  const standardised = standardise(features, measureStandardisation(features));
  const job: AuditJob = {
    features: standardised,
    labels: labels.slice(),
    classes,
    folds: Math.max(2, Math.min(folds, features.rows)),
    seed,
    threads,
    head: auditHead(features.rows),
  };
  return runInThread<AuditJob, FoldProgress, readonly Suspicion[]>(entryFile(import.meta.url, 'audit-worker'), {
    job,
    transfer: [standardised.data.buffer],
    onProgress: (progress) => onFold?.(progress),
    signal,
  });
}

/**
 * About 150 large steps, 8 to 40 epochs: less than a head for use gets. Wrong labels are learnt last (Arpit et al. 2017,
 * https://arxiv.org/abs/1706.05394), and a head that has not learnt them by heart yet doubts them in other pictures too; but a head
 * that has hardly learnt anything doubts everything. Batches of 256 find as much as those of 64 in half the time (bench/head).
 */
function auditHead(rows: number): HeadOptions {
  const batch_size = 256;
  const epochs = Math.max(8, Math.min(40, Math.round((150 * batch_size) / rows)));
  return { ...defaultHeadOptions, batch_size, epochs, learning_rate: 0.004 };
}
