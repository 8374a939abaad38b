import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NumericRange, ScalingType } from './range.ts';
import { fromUnit, scaleOf, toUnit } from './scaling.ts';

function continuous(minimum: number, maximum: number, scaling: ScalingType): NumericRange {
  return { kind: 'continuous', name: 'x', minimum, maximum, scaling };
}

function integer(minimum: number, maximum: number, scaling: ScalingType = 'Linear'): NumericRange {
  return { kind: 'integer', name: 'x', minimum, maximum, scaling };
}

describe('scales', () => {
  it('spread numbers evenly, by orders of magnitude, or by their distance from 1', () => {
    assert.equal(fromUnit(0.5, continuous(2, 6, 'Linear')), 4);
    assert.ok(Math.abs(fromUnit(0.5, continuous(1e-4, 1, 'Logarithmic')) - 1e-2) < 1e-12);
    assert.ok(Math.abs(fromUnit(0.5, continuous(0, 0.9999, 'ReverseLogarithmic')) - 0.99) < 1e-12);
  });

  it('keep the ends in the range, exactly', () => {
    for (const range of [
      continuous(1e-3, 0.1, 'Logarithmic'),
      continuous(0.1, 0.999, 'ReverseLogarithmic'),
      integer(3, 17),
    ]) {
      assert.equal(fromUnit(0, range), range.minimum);
      assert.equal(fromUnit(1, range), range.maximum);
    }
  });

  it('are undone by their inverses', () => {
    for (const scaling of ['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic'] as const) {
      const range = continuous(0.01, 0.98, scaling);
      for (const unit of [0, 0.1, 0.5, 0.77, 1]) {
        assert.ok(Math.abs(toUnit(fromUnit(unit, range), range) - unit) < 1e-12, `${scaling} ${unit}`);
      }
    }
  });

  it('give every integer the same share of a linear scale, the ends too', () => {
    const counts = new Map<number, number>();
    for (let i = 0; i < 6000; i++) {
      const value = fromUnit((i + 0.5) / 6000, integer(-1, 4));
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    assert.deepEqual(
      [...counts],
      [-1, 0, 1, 2, 3, 4].map((value) => [value, 1000]),
    );
  });

  it('are logarithmic by themselves where a positive range spans an order of magnitude', () => {
    assert.equal(scaleOf(continuous(0.001, 0.1, 'Auto')), 'logarithmic');
    assert.equal(scaleOf(integer(8, 1024, 'Auto')), 'logarithmic');
    assert.equal(scaleOf(continuous(0.5, 4, 'Auto')), 'linear');
    assert.equal(scaleOf(continuous(0, 100, 'Auto')), 'linear');
  });

  it('put the value of a range without width at its beginning', () => {
    assert.equal(toUnit(5, integer(5, 5)), 0);
    assert.equal(fromUnit(0.7, integer(5, 5)), 5);
  });
});
