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
