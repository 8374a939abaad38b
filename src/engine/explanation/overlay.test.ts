import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawOverlay, seenRegion } from './overlay.ts';

const shape = { size: 224, resize: 256, interpolation: 'bilinear' } as const;
const whole = { left: 0, top: 0, width: 1, height: 1 };

function photo(width: number, height: number, grey = 128) {
  return { width, height, data: new Uint8Array(width * height * 3).fill(grey) };
}

test('the region is the centre crop of an upright photo', () => {
  assert.deepEqual(seenRegion(shape, { width: 512, height: 256 }), {
    left: 144 / 512,
    top: 16 / 256,
    width: 224 / 512,
    height: 224 / 256,
  });
  assert.deepEqual(seenRegion({ ...shape, resize: 'squash' }, { width: 512, height: 256 }), whole);
});

test('what the model has not seen is grey and dim', () => {
  const coloured = photo(40, 20);
  for (let i = 0; i < coloured.data.length; i += 3) coloured.data.set([200, 40, 40], i);
  const region = { left: 0.25, top: 0, width: 0.5, height: 1 };
  const drawn = drawOverlay(coloured, { values: new Float32Array(4), rows: 2, columns: 2 }, region);
  const pixel = (x: number): number[] => [...drawn.subarray((5 * 40 + x) * 3, (5 * 40 + x) * 3 + 3)];
  for (const x of [0, 9, 30, 39]) {
    const [r, g, b] = pixel(x);
    assert.ok(r === g && g === b && r! < 40, `${x}: ${r},${g},${b}`);
  }
  for (const x of [10, 20, 29]) assert.ok(pixel(x)[0]! > pixel(x)[1]! + 30, `${x}: ${pixel(x)}`);
});

test('the highest place of the map lies where it belongs', () => {
  const values = new Float32Array(49);
  values[2 * 7 + 5] = 9;
  const drawn = drawOverlay(photo(70, 70), { values, rows: 7, columns: 7 }, whole);
  let brightest = 0;
  for (let i = 0; i < drawn.length; i += 3) if (drawn[i]! > drawn[brightest]!) brightest = i;
  const x = (brightest / 3) % 70;
  const y = Math.floor(brightest / 3 / 70);
  assert.ok(Math.abs(x + 0.5 - 55) <= 1 && Math.abs(y + 0.5 - 25) <= 1, `${x}, ${y}`);
});

test('low places and flat maps show the photo', () => {
  const flat = drawOverlay(photo(8, 8), { values: new Float32Array(4).fill(3), rows: 2, columns: 2 }, whole);
  assert.ok(flat.every((value) => value === 128));
});
