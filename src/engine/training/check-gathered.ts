import { userError } from '../../errors/index.ts';
import { type CheckReport, checkDataset } from '../dataset/check.ts';
import type { Dataset } from '../dataset/dataset.ts';
import type { FindingCode } from '../dataset/findings.ts';
import { assertTrainable } from '../dataset/trainable.ts';
import type { ExtractedFeatures } from '../features/features.ts';
import type { GatheredFeatures } from './gather.ts';
import type { TrainOptions } from './options.ts';

/** Findings that make a trained model or its figures worthless. */
const fatal: readonly FindingCode[] = ['leakage', 'group-in-two-splits', 'two-labels'];

/**
 * Checks the data set with what decoding told, and refuses it where training on it would be self-deception.
 * @throws WHIPPET_TRAINING_LEAKAGE, WHIPPET_TRAINING_TWO_LABELS, and what `assertTrainable` says of the pictures that are left
 */
export async function checkGathered(
  dataset: Dataset,
  gathered: GatheredFeatures,
  { allowLeakage = false, pictureBytes, signal }: Pick<TrainOptions, 'allowLeakage' | 'pictureBytes' | 'signal'>,
): Promise<CheckReport> {
  const parts: readonly ExtractedFeatures[] = [...new Set([gathered.train, gathered.held])];
  const facts = new Map(
    parts.flatMap(({ samples, facts: known }) => samples.map(({ digest }, at) => [digest, known[at]!] as const)),
  );
  const refused = new Map(
    parts.flatMap((part) =>
      part.refused.map(({ sample, code, message }) => [sample.digest, { code, message }] as const),
    ),
  );
  const report = await checkDataset(dataset, { facts, refused }, { allowLeakage, pictureBytes, signal });
  const worst = allowLeakage
    ? []
    : report.findings.filter(({ severity, code }) => severity === 'error' && fatal.includes(code));
  const [first] = worst;
  if (first) {
    const code = first.code === 'two-labels' ? 'WHIPPET_TRAINING_TWO_LABELS' : 'WHIPPET_TRAINING_LEAKAGE';
    throw userError(code, { path: dataset.root, count: worst.length, example: first.message });
  }
  assertTrainable({ ...dataset, samples: dataset.samples.filter(({ digest }) => facts.has(digest)) });
  return report;
}
