import type { Manifest } from '../artifact/manifest.ts';
import type { Split } from '../dataset/dataset.ts';
import type { Evaluation } from '../evaluation/evaluate.ts';
import type { EpochRecord } from '../events.ts';
import type { TrainedHead } from '../head/head.ts';

/** All that a report is made of. Plain data: it may be kept as JSON and rendered again when the test split has been opened. */
export interface ReportData {
  /** What the report is about: usually the data set's folder name. */
  readonly title: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly manifest: ReportedManifest;
  readonly epochs: readonly EpochRecord[];
  readonly bestEpoch: number;
  readonly stopped: TrainedHead['stopped'];
  readonly valid: Evaluation;
  readonly test?: OpenedTest;
  /** Pictures with the highest loss, worst first, of the split the report is about (`test` where there is one). */
  readonly topLosses: readonly ReportedPicture[];
  /** Further mistakes, as examples for confused pairs. */
  readonly mistakes?: readonly ReportedPicture[];
  /** Training pictures whose label looks wrong, most suspect first. Absent when nobody has looked. */
  readonly suspectedLabels?: readonly ReportedPicture[];
  readonly refused: readonly RefusedPicture[];
  readonly findings: readonly Finding[];
  /** Sentences for the top of the report. What follows from the numbers is added by the report itself. */
  readonly warnings: readonly string[];
  readonly timings: readonly { readonly stage: string; readonly seconds: number }[];
  /** False for private data: no thumbnails, and digests instead of file names. Default true. */
  readonly pictures?: boolean;
}

/** The manifest, without what a report does not show. */
export type ReportedManifest = Pick<
  Manifest,
  'labels' | 'backbone' | 'preprocessing' | 'head' | 'temperature' | 'hyperparameters' | 'data' | 'versions' | 'digest'
>;

export interface OpenedTest {
  readonly evaluation: Evaluation;
  /** How often this test split has been opened, this time included (the ledger's count). */
  readonly openings: number;
}

export interface ReportedPicture {
  /** Path below the data set's root. */
  readonly name: string;
  /** SHA-256 of the file, hex: stands for the name where names are private. */
  readonly digest: string;
  /** Class indices: as labelled, and as the model calls it. */
  readonly label: number;
  readonly predicted: number;
  /** Calibrated probabilities of the two. */
  readonly labelProbability: number;
  readonly predictedProbability: number;
  /** `data:image/jpeg;base64,…` (or png, webp). Anything else is left out. */
  readonly thumbnail?: string;
}

export interface RefusedPicture {
  readonly name: string;
  readonly split?: Split;
  readonly code: string;
  readonly message: string;
}

/** What the check of the data set has found. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  /** Without file names, which go into `files`. */
  readonly summary: string;
  readonly files?: readonly string[];
}

/** The evaluation that a report leads with. */
export function leading(data: ReportData): { readonly split: 'valid' | 'test'; readonly evaluation: Evaluation } {
  return data.test ? { split: 'test', evaluation: data.test.evaluation } : { split: 'valid', evaluation: data.valid };
}
