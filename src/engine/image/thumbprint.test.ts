import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { hammingDistance } from '../dataset/near.ts';
import { encodeJpeg } from './codec.ts';
import { decodeUpright } from './decode.ts';
import { type Raster, resample } from './resample.ts';
import { thumbprintOf } from './thumbprint.ts';

/** Blurred blobs, as a photo has: `seed` decides where. */
function blobs(seed: number): Raster {
  const random = seededRandom(seed);
  const spots = Array.from({ length: 12 }, () => [random.next(), random.next(), random.next() * 200 - 100] as const);
  const data = new Uint8Array(160 * 120 * 3);
  for (let i = 0; i < 160 * 120; i++) {
    const [x, y] = [(i % 160) / 160, Math.floor(i / 160) / 120];
    const level = spots.reduce((sum, [a, b, k]) => sum + k * Math.exp(-((x - a) ** 2 + (y - b) ** 2) * 30), 128);
    data.fill(Math.max(0, Math.min(255, level)), i * 3, i * 3 + 3);
  }
  return { width: 160, height: 120, data };
}

function scaled(source: Raster, width: number, height: number): Raster {
  const axis = (span: number, size: number) => ({ from: 0, span, size, start: 0, count: size });
  const data = resample(source, { x: axis(source.width, width), y: axis(source.height, height) }, 'bicubic');
  return { width, height, data };
}

test('the thumbprint survives scaling, recompression and another exposure', async () => {
  for (let seed = 0; seed < 8; seed++) {
    const picture = blobs(seed);
    const print = thumbprintOf(picture);
    const jpeg = await encodeJpeg(picture.data, { ...picture, quality: 40 });
    const brighter = { ...picture, data: picture.data.map((level) => Math.min(255, level * 0.8 + 30)) };
    const others = [scaled(picture, 97, 71), scaled(picture, 400, 300), await decodeUpright(jpeg, 'x', 999), brighter];
    for (const other of others) {
      const distance = hammingDistance(print, thumbprintOf(other));
      assert.ok(distance <= 4, `${distance} bits`);
    }
  }
});

test('different pictures are far apart, and half of the bits are set', () => {
  const prints = Array.from({ length: 20 }, (_, seed) => thumbprintOf(blobs(seed)));
  prints.forEach((print, i) => {
    assert.match(print, /^[0-9a-f]{16}$/);
    const bits = hammingDistance(print, '0'.repeat(16));
    assert.ok(bits >= 31 && bits <= 32, `${bits} bits`);
    for (const other of prints.slice(i + 1)) assert.ok(hammingDistance(print, other) > 10);
  });
});

test('a picture of one colour has no bits, stripes have some', () => {
  const plain = { width: 40, height: 30, data: new Uint8Array(40 * 30 * 3).fill(77) };
  assert.equal(thumbprintOf(plain), '0'.repeat(16));
  const stripes = { ...plain, data: plain.data.map((_, i) => (Math.floor(i / 120) < 10 ? 200 : 20)) };
  assert.notEqual(thumbprintOf(stripes), '0'.repeat(16));
});
