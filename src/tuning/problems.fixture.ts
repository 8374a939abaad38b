import type { Objective, ParameterRange, Point } from './index.ts';

/** A function to be searched, with its known optimum. */
export interface TestProblem {
  readonly ranges: readonly ParameterRange[];
  readonly objective: Objective;
  readonly optimum: number;
  value(point: Point): number;
}

const number = (point: Point, name: string): number => Number(point[name]);

/** Three equal minima. https://www.sfu.ca/~ssurjano/branin.html */
export const branin: TestProblem = {
  ranges: [
    { kind: 'continuous', name: 'x1', minimum: -5, maximum: 10, scaling: 'Auto' },
    { kind: 'continuous', name: 'x2', minimum: 0, maximum: 15, scaling: 'Auto' },
  ],
  objective: 'minimize',
  optimum: 0.397887,
  value(point) {
    const x1 = number(point, 'x1');
    const x2 = number(point, 'x2');
    const bend = x2 - (5.1 / (4 * Math.PI ** 2)) * x1 ** 2 + (5 / Math.PI) * x1 - 6;
    return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1) + 10;
  },
};

const hartmannA = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannP = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];
const hartmannAlpha = [1, 1.2, 3, 3.2];

/** Six local minima in six dimensions. https://www.sfu.ca/~ssurjano/hart6.html */
export const hartmann6: TestProblem = {
  ranges: Array.from({ length: 6 }, (_, i) => {
    return { kind: 'continuous', name: `x${i}`, minimum: 0, maximum: 1, scaling: 'Linear' } as const;
  }),
  objective: 'minimize',
  optimum: -3.32237,
  value: (point) =>
    -hartmannAlpha.reduce((sum, alpha, i) => {
      const exponent = hartmannA[i]!.reduce(
        (total, a, j) => total + a * (number(point, `x${j}`) - hartmannP[i]![j]! * 1e-4) ** 2,
        0,
      );
      return sum + alpha * Math.exp(-exponent);
    }, 0),
};

const optimizers = { adam: 0, adamw: 0.02, sgd: -0.05 } as const;

/** Shaped like the accuracy of a classifier over its hyperparameters: log, integer and categorical, with an interaction. */
export const mixed: TestProblem = {
  ranges: [
    { kind: 'continuous', name: 'learning_rate', minimum: 1e-5, maximum: 1, scaling: 'Logarithmic' },
    { kind: 'integer', name: 'hidden', minimum: 8, maximum: 1024, scaling: 'Auto' },
    { kind: 'categorical', name: 'optimizer', values: ['adam', 'adamw', 'sgd'] },
    { kind: 'categorical', name: 'batch_size', values: ['32', '64', '128', '256'] },
  ],
  objective: 'maximize',
  optimum: 0.92,
  value(point) {
    const optimizer = point.optimizer as keyof typeof optimizers;
    const batch = Math.log2(Number(point.batch_size) / 64);
    const best = (optimizer === 'sgd' ? -1.5 : -2.5) + 0.15 * batch;
    const rate = (Math.log10(number(point, 'learning_rate')) - best) ** 2;
    const width = (Math.log2(number(point, 'hidden')) - 7) ** 2;
    return 0.9 + optimizers[optimizer] - 0.06 * rate - 0.008 * width - 0.01 * batch ** 2;
  },
};
