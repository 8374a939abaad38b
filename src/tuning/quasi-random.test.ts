import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quasiRandom } from './quasi-random.ts';

describe('quasi-random points', () => {
  it('are the same for the same seed, and others for another', () => {
    assert.deepEqual(quasiRandom(3, 'a')(7), quasiRandom(3, 'a')(7));
    assert.notDeepEqual(quasiRandom(3, 'a')(7), quasiRandom(3, 'b')(7));
  });

  it('fill each axis more evenly than chance: one in each of as many parts as a power of its prime', () => {
    const at = quasiRandom(3, 'even');
    for (const [axis, base] of [2, 3, 5].entries()) {
      const parts = base ** 3;
      const hit = new Set(Array.from({ length: parts }, (_, i) => Math.floor((at(i)[axis] ?? 0) * parts)));
      assert.equal(hit.size, parts);
    }
  });

  it('do not run in parallel in high dimensions', () => {
    const at = quasiRandom(30, 'high');
    const points = Array.from({ length: 200 }, (_, i) => at(i));
    const [a, b] = [points.map((point) => point[28]! - 0.5), points.map((point) => point[29]! - 0.5)];
    const product = (x: number[], y: number[]): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    const correlation = product(a, b) / Math.sqrt(product(a, a) * product(b, b));
    assert.ok(Math.abs(correlation) < 0.25, `correlation ${correlation}`);
    assert.ok(points.flat().every((coordinate) => coordinate >= 0 && coordinate < 1));
  });
});
