import type { HeadOptions } from './hyperparameters.ts';

/**
 * Learning rate of a step (from 1) of `steps`. Cosine is one half period without restarts, η·(1 + cos(π·t/T))/2
 * (Loshchilov & Hutter, https://arxiv.org/abs/1608.03983).
 */
export function learningRateAt(
  step: number,
  steps: number,
  options: Pick<HeadOptions, 'learning_rate' | 'schedule'>,
): number {
  if (options.schedule === 'constant') return options.learning_rate;
  return (options.learning_rate * (1 + Math.cos((Math.PI * (step - 1)) / steps))) / 2;
}
