import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { logExpectedImprovement } from '../../../src/tuning/expected-improvement.ts';
import { inputsOf, squaredDistances } from '../../../src/tuning/gaussian-process/inputs.ts';
import { likelihood } from '../../../src/tuning/gaussian-process/likelihood.ts';
import { posteriorOf } from '../../../src/tuning/gaussian-process/posterior.ts';

interface ProcessCase {
  readonly name: string;
  /** By parameter: how many categories; 0 for a number. */
  readonly categories: readonly number[];
  readonly lengthScales: readonly number[];
  readonly signal: number;
  readonly noise: number;
  readonly x: readonly number[][];
  readonly y: readonly number[];
  readonly queries: readonly number[][];
  readonly logLikelihood: number;
  readonly gradient: readonly number[];
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

interface Reference {
  readonly processes: readonly ProcessCase[];
  readonly improvements: readonly {
    readonly mean: number;
    readonly variance: number;
    readonly best: number;
    readonly logImprovement: number;
  }[];
}

const { processes, improvements } = JSON.parse(
  readFileSync(new URL('gaussian-process.json', import.meta.url), 'utf8'),
) as Reference;

function assertNear(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs((actual[i] ?? Number.NaN) - value);
    assert.ok(difference <= 1e-8 * (1 + Math.abs(value)), `${what}[${i}]: ${actual[i]}, scikit-learn ${value}`);
  }
}

for (const one of processes) {
  test(`a Gaussian process agrees with scikit-learn: ${one.name}`, () => {
    const inputs = inputsOf(
      one.x,
      one.categories.map((count) => count > 0),
    );
    const y = Float64Array.from(one.y);
    const kernel = { ...one, lengthScales: Float64Array.from(one.lengthScales) };
    const { value, gradient } = likelihood(squaredDistances(inputs), y, kernel);
    assertNear([value], [one.logLikelihood], 'log likelihood');
    assertNear(gradient, one.gradient, 'gradient');
    const { predict } = posteriorOf(inputs, y, kernel);
    const predictions = one.queries.map(predict);
    assertNear(
      predictions.map(({ mean }) => mean),
      one.mean,
      'mean',
    );
    assertNear(
      predictions.map(({ variance }) => variance),
      one.variance,
      'variance',
    );
  });
}

test('the logarithm of expected improvement agrees with 60 digits, near and far', () => {
  for (const { mean, variance, best, logImprovement } of improvements) {
    const actual = logExpectedImprovement({ mean, variance }, best);
    const difference = Math.abs(actual - logImprovement);
    assert.ok(
      difference <= 1e-11 * (1 + Math.abs(logImprovement)),
      `${mean}, ${variance}: ${actual}, ${logImprovement}`,
    );
  }
});
