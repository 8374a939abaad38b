import type { HeadOptions } from './hyperparameters.ts';
import type { Optimizer } from './optimizers.ts';
import type { Parameter } from './parameters.ts';
import { learningRateAt } from './schedule.ts';
import type { State, TrainerOptions } from './trainer.ts';

/** What stays the same over all epochs. */
export function fixedInputs({ shape, features, labels, classWeights, head }: TrainerOptions, parts: number): State {
  const { classes } = shape;
  return {
    features: { dims: [features.rows * parts, features.dimension / parts], data: features.data },
    labels: { dims: [labels.length], data: labels },
    targets: { dims: [classes, classes], data: smoothedTargets(classes, head.label_smoothing) },
    class_weights: { dims: [classes, 1], data: Float32Array.from(classWeights) },
  };
}

/** Row c: 1 − s + s/C at c, s/C elsewhere (Szegedy et al. 2016, https://arxiv.org/abs/1512.00567, section 7). */
function smoothedTargets(classes: number, smoothing: number): Float32Array {
  const targets = new Float32Array(classes * classes).fill(smoothing / classes);
  for (let c = 0; c < classes; c++) targets[c * classes + c] = 1 - smoothing + smoothing / classes;
  return targets;
}

/** An optimiser's state before its first step. */
export function zeroSlots(slots: readonly Parameter[]): State {
  return Object.fromEntries(
    slots.map(({ name, dims }) => [name, { dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) }]),
  );
}

/** The optimiser's per-step scalars for `count` steps from `first` on, named as the graph's inputs. */
export function coefficientsOf(
  optimizer: Optimizer,
  head: HeadOptions,
  { first, count, steps }: { readonly first: number; readonly count: number; readonly steps: number },
): State {
  const columns = optimizer.coefficients.map(() => new Float32Array(count));
  for (let i = 0; i < count; i++) {
    const values = optimizer.at(first + i, learningRateAt(first + i, steps, head));
    for (const [k, column] of columns.entries()) column[i] = values[k]!;
  }
  return Object.fromEntries(
    optimizer.coefficients.map((name, k) => [`${name}s`, { dims: [count], data: columns[k]! }]),
  );
}
