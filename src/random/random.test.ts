import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashText, seededRandom } from './index.ts';

function draw(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

describe('seeded random numbers', () => {
  it('are the same everywhere for the same seed, for ever', () => {
    // Written down once: a change here changes every split, view and model that a seed stands for.
    const { next, integer } = seededRandom(42);
    assert.deepEqual(
      draw(4, next).map((x) => x * 2 ** 32),
      [1_959_603_763, 2_423_114_712, 2_466_933_512, 4_144_396_390],
    );
    assert.ok(integer(10) < 10);
    assert.equal(hashText('42/epoch 3'), 3_829_523_697);
    assert.deepEqual(draw(3, seededRandom('42/epoch 3').next), draw(3, seededRandom(3_829_523_697).next));
  });

  it('differ between seeds, also neighbouring ones', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => seededRandom(seed).next());
    assert.equal(new Set(firsts).size, 1000);
    const mean = firsts.reduce((sum, x) => sum + x, 0) / 1000;
    assert.ok(Math.abs(mean - 0.5) < 0.05, `mean of the first numbers of 1000 seeds: ${mean}`);
  });

  it('are uniform over integers (chi-squared at 0.1 %)', () => {
    const random = seededRandom('uniform');
    const counts = new Array<number>(20).fill(0);
    for (let i = 0; i < 20_000; i++) counts[random.integer(20)]!++;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 99.9 % quantile for 19 degrees of freedom.
    assert.ok(chiSquared < 43.8, `chi-squared ${chiSquared}`);
  });

  it('are standard normal where asked', () => {
    const sample = draw(50_000, seededRandom('normal').normal);
    const moment = (power: number): number => sample.reduce((sum, x) => sum + x ** power, 0) / sample.length;
    // Five standard errors each.
    assert.ok(Math.abs(moment(1)) < 5 / Math.sqrt(50_000));
    assert.ok(Math.abs(moment(2) - 1) < 5 * Math.sqrt(2 / 50_000));
    assert.ok(Math.abs(moment(4) - 3) < 5 * Math.sqrt(96 / 50_000));
    assert.ok(sample.every(Number.isFinite));
  });

  it('shuffle in place, every order equally often', () => {
    const random = seededRandom('orders');
    const seen = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const values = [1, 2, 3];
      assert.equal(random.shuffle(values), values);
      seen.set(values.join(''), (seen.get(values.join('')) ?? 0) + 1);
    }
    assert.equal(seen.size, 6);
    for (const [order, count] of seen) assert.ok(Math.abs(count - 1000) < 150, `${order}: ${count}`);
    assert.deepEqual([...random.shuffle(Uint32Array.of(7, 8, 9))].sort(), [7, 8, 9]);
  });
});
