import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { encodeModel } from '../onnx/model.ts';
import { openSession, type Session } from '../onnx/session.ts';
import { scatterBackbone } from './scatter.ts';

const backbone = scatterBackbone();
const { size } = backbone.preprocessing;
const { dimension } = backbone;

/** red, green, blue (0–255) at a point. */
type Painting = (x: number, y: number) => readonly [number, number, number];

function painted(painting: Painting): Uint8Array {
  const pixels = new Uint8Array(size * size * 3);
  for (let i = 0; i < size * size; i++) pixels.set(painting(i % size, Math.floor(i / size)), i * 3);
  return pixels;
}

/** Soft blobs of colour: structure at all scales, without a preferred direction. */
function blobs(seed: number, shift = 0): Painting {
  const random = seededRandom(seed);
  const waves = Array.from({ length: 24 }, () => ({
    x: random.normal() * 0.5,
    y: random.normal() * 0.5,
    phase: random.next() * 7,
    channel: random.integer(3),
  }));
  return (x, y) => {
    const colour: [number, number, number] = [128, 128, 128];
    for (const wave of waves) colour[wave.channel]! += 14 * Math.sin(wave.x * (x + shift) + wave.y * y + wave.phase);
    return colour;
  };
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...a);
}

describe('the scattering network', () => {
  let session: Session;
  before(async () => {
    session = await openSession(encodeModel(backbone.model), { threads: 1, source: 'scatter' });
  });
  after(() => session.release());

  async function scattered(
    ...pictures: readonly Uint8Array[]
  ): Promise<{ features: Float32Array[]; map: Float32Array; grid: number }> {
    const { features, map } = await session.run({
      pixels: { dims: [pictures.length, size, size, 3], data: new Uint8Array(Buffer.concat(pictures)) },
    });
    assert.deepEqual(features!.dims, [pictures.length, dimension]);
    const rows = pictures.map((_, i) => (features!.data as Float32Array).slice(i * dimension, (i + 1) * dimension));
    return { features: rows, map: map!.data as Float32Array, grid: map!.dims[2]! };
  }

  test('is the same model every time, named by its digest', () => {
    const again = scatterBackbone();
    assert.deepEqual(encodeModel(again.model), encodeModel(backbone.model));
    assert.equal(backbone.digest, createHash('sha256').update(encodeModel(again.model)).digest('hex'));
  });

  test('features are the mean of the map', async () => {
    const { features, map, grid } = await scattered(painted(blobs(1)));
    const area = grid * grid;
    for (let channel = 0; channel < dimension; channel++) {
      const mean = map.subarray(channel * area, (channel + 1) * area).reduce((sum, value) => sum + value, 0) / area;
      assert.ok(Math.abs(mean - features[0]![channel]!) < 1e-5, `channel ${channel}`);
    }
  });

  test('a picture has the same features alone and among others', async () => {
    const pictures = [painted(blobs(1)), painted(blobs(2)), painted(blobs(3))];
    const together = await scattered(...pictures);
    for (const [i, picture] of pictures.entries()) {
      assert.deepEqual((await scattered(picture)).features[0], together.features[i]);
    }
  });

  test('one colour gives its opponent colours and nothing in any band-pass', async () => {
    const { features } = await scattered(painted(() => [200, 100, 50]));
    const [luminance, redGreen, yellowBlue, ...bands] = features[0]!;
    assert.ok(Math.abs(luminance! - 350 / 3 / 255) < 1e-5);
    assert.ok(Math.abs(redGreen! - 50 / 255) < 1e-5);
    assert.ok(Math.abs(yellowBlue! - 50 / 255) < 1e-5);
    assert.equal(bands.length, dimension - 3);
    for (const [i, band] of bands.entries()) assert.ok(Math.abs(band) < 1e-3, `band ${i}: ${band}`);
  });

  test('stays put when the picture moves a little, and moves for another picture', async () => {
    const { features } = await scattered(painted(blobs(1)), painted(blobs(1, 2)), painted(blobs(4)));
    const [still, moved, other] = features as [Float32Array, Float32Array, Float32Array];
    assert.ok(distance(still, moved) < 0.03, `moved: ${distance(still, moved)}`);
    assert.ok(distance(still, other) > 5 * distance(still, moved), `other: ${distance(still, other)}`);
  });

  test('turning the picture by 90° turns the orientations and nothing else', async () => {
    const painting = blobs(5);
    const { features } = await scattered(
      painted(painting),
      painted((x, y) => painting(y, size - 1 - x)),
    );
    const [upright, turned] = features as [Float32Array, Float32Array];
    assert.ok(distance(upright, turned) > 0.02);
    // Order 1 of the finest scale follows the three colours: orientation k becomes k + 4 of 8.
    for (let k = 0; k < 8; k++) {
      const expected = upright[3 + k]!;
      assert.ok(Math.abs(turned[3 + ((k + 4) % 8)]! - expected) < 1e-4 * (1 + expected), `orientation ${k}`);
    }
  });

  test('stripes answer in the wavelet that lies across them', async () => {
    const stripes =
      (along: 'x' | 'y'): Painting =>
      (x, y) => {
        const grey = 128 + 100 * Math.sin(((along === 'x' ? x : y) * 3 * Math.PI) / 4);
        return [grey, grey, grey];
      };
    const { features } = await scattered(painted(stripes('x')), painted(stripes('y')));
    const strongest = features.map((row) =>
      [...row.subarray(3, 11)].reduce((best, value, k, all) => (value > all[best]! ? k : best), 0),
    );
    assert.deepEqual(strongest, [0, 4]);
  });

  test('grey pictures have no chroma, and order 2 sees what order 1 cannot', async () => {
    const random = seededRandom(9);
    const noise = Array.from({ length: size * size }, () => random.integer(2) * 160);
    const steady: Painting = (x, y) => {
      const grey = 40 + noise[y * size + x]!;
      return [grey, grey, grey];
    };
    // The same noise in patches: where it is on it is stronger, so that order 1 is about the same on average.
    const patchy: Painting = (x, y) => {
      const on = (Math.floor(x / 16) + Math.floor(y / 16)) % 2;
      const grey = on === 1 ? noise[y * size + x]! * 1.55 : 124;
      return [grey, grey, grey];
    };
    const { features } = await scattered(painted(steady), painted(patchy));
    const [even, uneven] = features as [Float32Array, Float32Array];
    assert.ok(Math.abs(even[1]!) < 1e-6 && Math.abs(even[2]!) < 1e-6);
    // Order 2 of (scale 1, scale 16): the last of the four blocks of 64 behind the 8 of order 1.
    const coarse = (row: Float32Array): number =>
      row.subarray(3 + 8 + 3 * 64, 3 + 8 + 4 * 64).reduce((sum, value) => sum + value, 0);
    const gain = coarse(uneven) / coarse(even);
    assert.ok(gain > 1.5, `gain ${gain}`);
  });
});
