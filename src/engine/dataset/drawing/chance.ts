import type { Random } from '../../../random/index.ts';

/** Uniform in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.next();
}

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.integer(choices.length)]!;
}

/** True with the given probability. Always takes one number from the stream, so that what follows does not shift. */
export function happens(random: Random, probability: number): boolean {
  return random.next() < probability;
}

/** `count` results of `make`. */
export function several<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: Math.max(0, Math.round(count)) }, (_, index) => make(index));
}
