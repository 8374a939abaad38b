import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Evaluated, minimise } from './minimise.ts';

const options = { iterations: 200, tolerance: 1e-8 };

/** A curved valley with its minimum at (1, 1). */
function rosenbrock([x = 0, y = 0]: Float64Array): Evaluated {
  const slope = y - x * x;
  return {
    value: (1 - x) ** 2 + 100 * slope ** 2,
    gradient: Float64Array.of(-2 * (1 - x) - 400 * x * slope, 200 * slope),
  };
}

describe('minimising', () => {
  it('follows a curved valley to its end', () => {
    const { point, value } = minimise(rosenbrock, Float64Array.of(-1.2, 1), options);
    assert.ok(value < 1e-12, `${point}: ${value}`);
    assert.ok(Math.abs(point[0]! - 1) < 1e-6 && Math.abs(point[1]! - 1) < 1e-6);
  });

  it('steps back from where the function is no number', () => {
    const logarithm = ([x = 0]: Float64Array): Evaluated => ({
      value: x > 0 ? x - Math.log(x) : Number.NaN,
      gradient: Float64Array.of(1 - 1 / x),
    });
    const { point } = minimise(logarithm, Float64Array.of(20), options);
    assert.ok(Math.abs(point[0]! - 1) < 1e-6, String(point));
  });

  it('stays where it begins when that is a minimum', () => {
    assert.deepEqual([...minimise(rosenbrock, Float64Array.of(1, 1), options).point], [1, 1]);
  });
});
