import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { roundHalfEven, viewGeometry } from './geometry.ts';
import type { Preprocessing } from './picture.ts';
import { type Raster, resample } from './resample.ts';

type Case = Pick<Preprocessing, 'size' | 'resize' | 'interpolation'> & {
  width: number;
  height: number;
  sha256: string;
};

const cases = JSON.parse(
  readFileSync(new URL('./testing/pillow-reference.json', import.meta.url), 'utf8'),
) as readonly Case[];

/** As in testing/pillow-reference.py. */
function picture(width: number, height: number): Raster {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const edge = ((Math.floor(x / 9) + Math.floor(y / 7)) % 2) * 128;
        data[(y * width + x) * 3 + c] = Math.floor((x * x * (c + 1)) / 7) + y * 5 + edge;
      }
    }
  }
  return { width, height, data };
}

test('resizing and cropping give the bytes of Pillow and torchvision', () => {
  assert.ok(cases.length >= 50);
  for (const { width, height, sha256, ...shape } of cases) {
    const source = picture(width, height);
    const { axes } = viewGeometry({ kind: 'center' }, source, { shape, full: source, digest: '' });
    const pixels = resample(source, axes, shape.interpolation);
    const digest = createHash('sha256').update(pixels).digest('hex');
    assert.equal(digest, sha256, `${width}×${height} ${JSON.stringify(shape)}`);
  }
});

test('halves are rounded to even, as Python does', () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, 58.5, 59.49, 59.51].map(roundHalfEven), [0, 2, 2, 0, 58, 59, 60]);
});
