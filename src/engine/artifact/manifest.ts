import type { Split } from '../dataset/dataset.ts';
import type { Preprocessing } from '../image/picture.ts';

/** `whippet.json`: everything about a model that is not its graph. Format 1; older formats are read, newer ones refused. */
export interface Manifest {
  readonly format: 1;
  /** SHA-256 of this manifest as canonical JSON without this field: the model's identity. */
  readonly digest: string;
  /** Class names by logit index. */
  readonly labels: readonly string[];
  readonly backbone: {
    readonly name: string;
    readonly digest: string;
    readonly dimension: number;
    readonly hasMap: boolean;
    readonly pretrainedOn: string;
    /** The weights file the backbone was built from: its URL where it was downloaded. */
    readonly weights?: { readonly url?: string; readonly sha256: string; readonly bytes: number };
  };
  readonly preprocessing: Preprocessing;
  /** Widths from features to logits: [2048, 133], or [2048, 128, 133] with a hidden layer. */
  readonly head: readonly number[];
  /** Probabilities are softmax(logits ÷ temperature). */
  readonly temperature: number;
  readonly novelty: NoveltyScale;
  /** Every hyperparameter as used, with its name in snake case. */
  readonly hyperparameters: Readonly<Record<string, string | number | boolean>>;
  readonly data: {
    /** SHA-256 over the sorted (digest, class) pairs of a split: names a split without naming its files. */
    readonly digests: Readonly<Partial<Record<Split, string>>>;
    readonly counts: Readonly<Partial<Record<Split, readonly number[]>>>;
  };
  readonly versions: Readonly<Record<'whippet' | 'node' | 'onnxruntime' | 'sharp' | 'platform', string>>;
  /** The other files of the artifact: what is not as listed is refused. */
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
}

/** Turns a distance to the training features into a percentile: `quantiles[i]` is the i-th percentile (0–100) over the valid split. */
export interface NoveltyScale {
  readonly method: string;
  readonly quantiles: readonly number[];
}

/** Names within `model/`. */
export const fileNames = {
  manifest: 'whippet.json',
  model: 'model.onnx',
  metrics: 'metrics.json',
  novelty: 'novelty.bin',
  trainingIndex: 'training-index.bin',
  card: 'README.md',
  timings: 'timings.json',
  report: 'report.html',
  reportData: 'report.json',
  testMetrics: 'test-metrics.json',
  /** What is true on this machine only: where the training pictures lie. Not in the archive. */
  local: 'local.json',
} as const;
