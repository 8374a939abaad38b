import { reviveError } from '../../errors/index.ts';
import type { Sample } from '../dataset/dataset.ts';
import type { Listener } from '../events.ts';
import { type ErrorJson, nameMark } from './protocol.ts';

/** The pictures of a run that cannot be used. */
export interface Refusals {
  /** Tells of the sample; if strict, throws the refusal instead. */
  add(index: number, refused: ErrorJson): void;
  has(index: number): boolean;
  /** In the order of the samples. */
  list(): { readonly sample: Sample; readonly code: string; readonly message: string }[];
}

export function collectRefusals(
  samples: readonly Sample[],
  { strict, onEvent }: { strict: boolean; onEvent: Listener },
): Refusals {
  const byIndex = new Map<number, { sample: Sample; code: string; message: string }>();
  return {
    add(index, { code, message: template, remedy }) {
      const sample = samples[index] as Sample;
      const { name, split } = sample;
      const message = template.replaceAll(nameMark, () => name);
      if (strict) throw reviveError({ code, message, remedy: remedy.replaceAll(nameMark, () => name) });
      byIndex.set(index, { sample, code, message });
      onEvent({ type: 'picture-refused', name, split, code, message });
    },
    has: (index) => byIndex.has(index),
    list: () => [...byIndex].sort(([a], [b]) => a - b).map(([, refusal]) => refusal),
  };
}
