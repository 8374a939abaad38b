import { openArtifact } from '../artifact/open.ts';
import { suspectLabels } from '../audit/suspect-labels.ts';
import { readDataset } from '../dataset/read.ts';
import type { ReportedPicture } from '../report/report-data.ts';
import { featuresOf } from './evaluate-model.ts';
import { pickSuspects } from './galleries.ts';
import type { DatasetChoice, WorkOptions } from './options.ts';
import { rowsOf } from './rows.ts';

export interface AuditDatasetOptions extends WorkOptions {
  readonly dataset?: DatasetChoice | undefined;
  readonly seed: number;
}

export interface AuditedDataset {
  readonly root: string;
  readonly classes: readonly string[];
  /** How many labels were judged: those of `train` and `valid`; `test` stays closed. */
  readonly judged: number;
  /** Most suspect first; the first hundred have thumbnails. `predicted` is the class suggested instead. */
  readonly suspects: readonly ReportedPicture[];
}

/**
 * Ranks suspected wrong labels of a data set by heads trained on the features of a model's backbone. The model's own classes play no
 * part: it may have been trained on other pictures.
 * @throws WHIPPET_ARTIFACT_*, WHIPPET_DATASET_*, WHIPPET_HEAD_*
 */
export async function auditDataset(
  model: string,
  photos: string,
  options: AuditDatasetOptions,
): Promise<AuditedDataset> {
  const { onEvent, signal, seed } = options;
  const artifact = await openArtifact(model);
  try {
    const read = await readDataset(photos, { ...options.dataset, onEvent, signal });
    // One split as far as the audit is concerned: every label is judged by heads that have not seen it.
    const samples = read.samples
      .filter(({ split }) => split !== 'test')
      .map((sample) => ({ ...sample, split: 'train' as const }));
    const { extracted } = await featuresOf(artifact, samples, options);
    const rows = rowsOf(extracted, 'train');
    const suspicions = await suspectLabels(rows.features, rows.labels, {
      classes: read.classes.length,
      seed,
      onFold: ({ done, total }) => onEvent?.({ type: 'progress', stage: 'audit', done, total, unit: 'folds' }),
      ...(signal && { signal }),
    });
    const suspects = await pickSuspects(suspicions, rows, { pictures: true, limit: suspicions.length });
    return { root: read.root, classes: read.classes, judged: rows.samples.length, suspects };
  } finally {
    await artifact.close();
  }
}
