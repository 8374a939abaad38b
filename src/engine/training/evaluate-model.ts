import { readFile } from 'node:fs/promises';
import { userError } from '../../errors/index.ts';
import { fileNames, type Manifest } from '../artifact/manifest.ts';
import { readHead } from '../artifact/model-graph.ts';
import { type OpenArtifact, openArtifact } from '../artifact/open.ts';
import type { Dataset, Sample, Split } from '../dataset/dataset.ts';
import { readDataset } from '../dataset/read.ts';
import { splitDigest } from '../dataset/split-digest.ts';
import { type Evaluation, evaluate } from '../evaluation/evaluate.ts';
import { openTestSplit } from '../evaluation/ledger.ts';
import { decodeTrainingIndex } from '../explanation/training-index.ts';
import { extractFeatures } from '../features/extract.ts';
import type { ExtractedFeatures } from '../features/features.ts';
import { applyHead } from '../head/apply.ts';
import type { Head } from '../head/head.ts';
import { decodeModel, type OnnxModel } from '../onnx/model.ts';
import { reportTest } from './evaluation-report.ts';
import { extractionGraphFile } from './extraction-graph.ts';
import type { DatasetChoice, WorkOptions } from './options.ts';
import { rowsOf, type SplitRows } from './rows.ts';

export interface EvaluateOptions extends WorkOptions {
  readonly dataset?: DatasetChoice | undefined;
  /** A data set that was read already, instead of reading the folder. */
  readonly source?: Dataset | undefined;
  /** The bytes of a picture for the report. Default: the file at its path; a rejection leaves the picture out. */
  readonly pictureBytes?: ((sample: Sample) => Promise<Uint8Array>) | undefined;
  /** Default test. Only opening `test` is recorded. */
  readonly split?: Split | undefined;
  /** Go on although pictures of the split were trained on. */
  readonly allowLeakage?: boolean | undefined;
  /** Folder of the ledger of opened test splits. */
  readonly ledgerDirectory: string;
  readonly now: () => Date;
}

export interface EvaluateResult {
  readonly manifest: Manifest;
  readonly split: Split;
  readonly evaluation: Evaluation;
  readonly rows: SplitRows;
  readonly logits: Float32Array;
  /** How often this test split has been opened, this time included; undefined for other splits. */
  readonly opened?: number;
  readonly splitDigest: string;
  /** Pictures of the split that were also trained on. */
  readonly leaked: readonly Sample[];
  readonly refused: ExtractedFeatures['refused'];
  /** The report to which a test split was added, where the model has one beside it. */
  readonly report?: string;
}

/**
 * Measures a model on one split of a data set. Opening `test` is recorded before anything is looked at.
 * @throws WHIPPET_ARTIFACT_*, WHIPPET_DATASET_* (NO_SUCH_SPLIT, UNKNOWN_CLASS, TRAINED_ON, …)
 */
export async function evaluateModel(model: string, photos: string, options: EvaluateOptions): Promise<EvaluateResult> {
  const artifact = await openArtifact(model);
  try {
    const result = await evaluateOpen(artifact, photos, options);
    const report = await reportTest(model, result, options.pictureBytes);
    return { ...result, ...(report !== undefined && { report }) };
  } finally {
    await artifact.close();
  }
}

async function evaluateOpen(artifact: OpenArtifact, photos: string, options: EvaluateOptions): Promise<EvaluateResult> {
  const { manifest } = artifact;
  const { split = 'test', ledgerDirectory, onEvent, signal } = options;
  const dataset = inLabelsOf(
    manifest,
    options.source ?? (await readDataset(photos, { ...options.dataset, onEvent, signal })),
  );
  const digest = splitDigest(dataset, split);
  if (digest === undefined) throw userError('WHIPPET_EVALUATION_NO_SUCH_SPLIT', { path: dataset.root, split });
  const samples = dataset.samples.filter((sample) => sample.split === split);
  const leaked = await trainedOn(artifact, samples);
  if (leaked.length > 0 && !options.allowLeakage) {
    throw userError('WHIPPET_EVALUATION_TRAINED_ON', { split, count: leaked.length, example: leaked[0]?.name ?? '' });
  }
  const by = { model: manifest.digest, at: options.now() };
  const opened = split === 'test' ? await openTestSplit(ledgerDirectory, digest, by) : undefined;

  const { extracted, head } = await featuresOf(artifact, samples, options);
  const rows = rowsOf(extracted, split);
  if (rows.samples.length === 0) throw userError('WHIPPET_EVALUATION_NO_SUCH_SPLIT', { path: dataset.root, split });
  const logits = applyHead(head, rows.features);
  const { labels: classes, temperature } = manifest;
  return {
    ...{ manifest, split, rows, logits, leaked, splitDigest: digest, refused: extracted.refused },
    evaluation: evaluate({ logits, labels: rows.labels, classes, temperature }),
    ...(opened !== undefined && { opened }),
  };
}

/** The data set with the model's class order. @throws WHIPPET_EVALUATION_UNKNOWN_CLASS for classes the model does not have. */
export function inLabelsOf({ labels }: Manifest, dataset: Dataset): Dataset {
  const index = new Map(labels.map((label, at) => [label, at]));
  const unknown = dataset.classes.filter((name) => !index.has(name));
  if (unknown.length > 0) {
    throw userError('WHIPPET_EVALUATION_UNKNOWN_CLASS', { path: dataset.root, unknown, known: labels.length });
  }
  const relabelled = dataset.samples.map((sample) => ({
    ...sample,
    label: index.get(dataset.classes[sample.label] as string) as number,
  }));
  return { ...dataset, classes: labels, samples: relabelled };
}

async function trainedOn(artifact: OpenArtifact, samples: readonly Sample[]): Promise<Sample[]> {
  const file = artifact.file(fileNames.trainingIndex);
  if (!file) return [];
  const { pictures } = decodeTrainingIndex(await readFile(file), fileNames.trainingIndex);
  const trained = new Set(pictures.map((picture) => picture.digest));
  return samples.filter((sample) => trained.has(sample.digest));
}

/** Features through the backbone inside the model: the very bytes it was trained with, so the cache knows them. */
export async function featuresOf(
  artifact: OpenArtifact,
  samples: readonly Sample[],
  work: WorkOptions,
): Promise<{ extracted: ExtractedFeatures; head: Head; model: OnnxModel }> {
  const { backbone, preprocessing } = artifact.manifest;
  const file = artifact.file(fileNames.model) as string;
  const model = decodeModel(await readFile(file), file);
  const { digest, dimension } = backbone;
  const modelFile = await extractionGraphFile({ digest, dimension, model }, work.cacheDirectory);
  const extracted = await extractFeatures(samples, {
    ...work,
    backbone: { digest, dimension, preprocessing, modelFile },
    views: [{ kind: 'center' }],
  });
  return { extracted, head: readHead(model), model };
}
