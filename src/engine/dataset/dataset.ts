/** A labelled picture collection, read but not decoded. */
export type Split = 'train' | 'valid' | 'test';

export const splits: readonly Split[] = ['train', 'valid', 'test'];

export interface Sample {
  /** Absolute path; of a file that only other hosts have, where it would lie here. */
  readonly path: string;
  /** Path below the data set's root with forward slashes: what people are shown. */
  readonly name: string;
  /** Index into `Dataset.classes`. */
  readonly label: number;
  readonly split: Split;
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
  /** Pictures of one group (one dog, one patient) never come into two splits. */
  readonly group?: string;
}

/** A file that could not be read at all (undecodable pictures are found later, by the decoder). */
export interface RefusedFile {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface Dataset {
  /** Absolute path. */
  readonly root: string;
  readonly layout: 'splits' | 'classes' | 'csv';
  /** Sorted by name (code points); a sample's label is an index into it. */
  readonly classes: readonly string[];
  /** Sorted by split, then label, then digest, then name: the order everything deterministic is built on. */
  readonly samples: readonly Sample[];
  readonly refused: readonly RefusedFile[];
  /** Whether `drawSample` drew it. Absent: the stamp in its root says. */
  readonly drawn?: boolean;
}
