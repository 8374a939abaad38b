import type { Sample } from './dataset.ts';

export type Severity = 'error' | 'warning' | 'info';

export type FindingCode =
  | 'leakage'
  | 'group-in-two-splits'
  | 'two-labels'
  | 'one-class'
  | 'class-not-in-train'
  | 'class-not-in-valid'
  | 'class-not-in-test'
  | 'no-train'
  | 'no-valid'
  | 'unreadable'
  | 'heic'
  | 'duplicate'
  | 'near-duplicate-across-splits'
  | 'near-duplicate-two-labels'
  | 'near-duplicate'
  | 'imbalance'
  | 'few-pictures';

/** One thing found. `pictures` are names below the data set's root, as many as there are. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly message: string;
  readonly pictures: readonly string[];
}

export const namesOf = (samples: readonly Sample[]): string[] => samples.map(({ name }) => name);

/** The first few of a long list, and how many more there are. */
export function someOf(items: readonly string[], limit = 4): string {
  const shown = items.slice(0, limit).join(', ');
  return items.length > limit ? `${shown} and ${items.length - limit} more` : shown;
}

/** What a kind of finding means, without naming a file. */
export const findingTitles: Record<FindingCode, string> = {
  leakage: 'One picture in two splits: what is measured on it is not worth anything',
  'group-in-two-splits': 'One group in two splits',
  'two-labels': 'One picture under two labels: at least one is wrong',
  'one-class': 'Only one class',
  'class-not-in-train': 'Classes that cannot be learnt',
  'class-not-in-valid': 'Classes without validation',
  'class-not-in-test': 'Classes without test',
  'no-train': 'No train split',
  'no-valid': 'No valid split',
  unreadable: 'Files that cannot be used; training skips them',
  heic: 'HEIC files; training skips them',
  duplicate: 'One picture several times in a class',
  'near-duplicate-across-splits': 'Nearly the same picture in two splits: measured accuracy is too good',
  'near-duplicate-two-labels': 'Nearly the same picture under two labels',
  'near-duplicate': 'Nearly the same picture several times in a class',
  imbalance: 'Classes of very different size; class weights may help',
  'few-pictures': 'Classes with few pictures',
};
