import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  centringWeights,
  halvingWeights,
  morlet,
  morletWeights,
  orientations,
  pairingWeights,
  waveletSide,
} from './scatter-filters.ts';

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

describe('filters of the scattering network', () => {
  test('wavelets have no mean and an absolute sum of 1', () => {
    for (let k = 0; k < orientations; k++) {
      const { real, imaginary } = morlet((k * Math.PI) / orientations);
      assert.ok(Math.abs(total(real)) < 1e-12);
      assert.ok(Math.abs(total(imaginary)) < 1e-12);
      const lengths = real.map((value, i) => Math.hypot(value, imaginary[i]!));
      assert.ok(Math.abs(total(lengths) - 1) < 1e-12);
    }
  });

  test('the wavelet of 90° more is the wavelet turned by 90°', () => {
    const upright = morlet(0).real;
    const turned = morlet(Math.PI / 2).real;
    for (let y = 0; y < waveletSide; y++) {
      for (let x = 0; x < waveletSide; x++) {
        assert.ok(Math.abs(upright[y * waveletSide + x]! - turned[x * waveletSide + y]!) < 1e-12);
      }
    }
  });

  test('the low-pass keeps the mean, and is the same seen from every side', () => {
    const weights = halvingWeights();
    assert.equal(total(weights), 1);
    assert.deepEqual(weights, weights.toReversed());
  });

  test('centring takes a share of the mean off', () => {
    const weights = centringWeights(4, 0.5);
    const channels = [1, 2, 3, 6];
    const centred = channels.map((_, row) => total(channels.map((value, i) => value * weights[row * 4 + i]!)));
    assert.deepEqual(centred, [-0.5, 0.5, 1.5, 4.5]);
  });

  test('weights: real parts first, and a pairing that adds the two parts of each wavelet', () => {
    const area = waveletSide ** 2;
    const weights = morletWeights();
    assert.equal(weights.length, 2 * orientations * area);
    assert.deepEqual(weights.slice(3 * area, 4 * area), Float32Array.from(morlet((3 * Math.PI) / orientations).real));
    const pairing = pairingWeights();
    for (let k = 0; k < orientations; k++) {
      const row = pairing.subarray(k * 2 * orientations, (k + 1) * 2 * orientations);
      assert.deepEqual(
        [...row.entries()].filter(([, weight]) => weight !== 0),
        [
          [k, 1],
          [orientations + k, 1],
        ],
      );
    }
  });
});
