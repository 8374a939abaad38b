import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { encodeJpeg, encodePng, rasteriseSvg } from './codec.ts';
import { type DecodeOptions, decodePicture, decodeUpright, thumbnail } from './decode.ts';
import { planDecode, randomCrop } from './geometry.ts';
import type { View } from './picture.ts';

const preprocessing = { size: 48, resize: 56, interpolation: 'bilinear' } as const;
const digest = 'ab'.repeat(32);
const decode = (bytes: Uint8Array, views: readonly View[], more: Partial<DecodeOptions> = {}) =>
  decodePicture(bytes, { source: 'x.png', preprocessing, views, digest, ...more });
const random = (index: number, seed = 7): View => ({ kind: 'random', index, seed });

/** Red grows to the right, green downwards. */
function gradient(width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    rgb[i * 3] = ((i % width) * 255) / width;
    rgb[i * 3 + 1] = (Math.floor(i / width) * 255) / height;
    rgb[i * 3 + 2] = 90;
  }
  return rgb;
}
const gradientPng = (width: number, height: number) => encodePng(gradient(width, height), { width, height });

test('flip mirrors the centre, and neither depends on what else is asked for', async () => {
  const png = await gradientPng(120, 80);
  const together = await decode(png, [random(0), { kind: 'center' }, { kind: 'flip' }]);
  const alone = await decode(png, [{ kind: 'center' }]);
  const [, center, flip] = together.views;
  assert.deepEqual(center, alone.views[0]);
  assert.notDeepEqual(flip, center);
  const pixel = (view: Uint8Array, x: number, y: number) => view.subarray((y * 48 + x) * 3, (y * 48 + x) * 3 + 3);
  for (const [x, y] of [
    [0, 0],
    [47, 10],
    [20, 47],
  ] as const) {
    assert.deepEqual(pixel(flip!, x, y), pixel(center!, 47 - x, y));
  }
  assert.deepEqual(together.facts, { format: 'png', width: 120, height: 80, thumbprint: alone.facts.thumbprint });
});

test('random views are fixed by seed, index and digest, and differ by each of them', async () => {
  const png = await gradientPng(120, 80);
  const [a, again, otherIndex, otherSeed] = (await decode(png, [random(0), random(0), random(1), random(0, 8)])).views;
  const [otherPicture] = (await decode(png, [random(0)], { digest: 'cd'.repeat(32) })).views;
  assert.deepEqual(a, again);
  for (const view of [otherIndex, otherSeed, otherPicture]) assert.notDeepEqual(view, a);
});

test('random crops keep to 35–100 % of the area and to ratios of 3/4 to 4/3', () => {
  const source = seededRandom(1);
  const areas: number[] = [];
  for (let i = 0; i < 2000; i++) {
    const { left, top, width, height } = randomCrop({ width: 640, height: 480 }, source);
    assert.ok(left >= 0 && top >= 0 && left + width <= 640 && top + height <= 480);
    const share = (width * height) / (640 * 480);
    assert.ok(share > 0.347 && share <= 1, `${share}`);
    assert.ok(width / height > 0.745 && width / height < 1.342, `${width} × ${height}`);
    areas.push(share);
  }
  assert.ok(Math.min(...areas) < 0.37 && Math.max(...areas) > 0.95, 'the whole range is used');
});

test('a strip is decoded in its middle only, and a large picture shrunk', () => {
  const shape = { size: 224, resize: 256, interpolation: 'bilinear' } as const;
  assert.deepEqual(planDecode({ width: 1_000_000, height: 100 }, shape), {
    width: 400,
    height: 100,
    window: { left: 499_800, top: 0, width: 400, height: 100 },
  });
  assert.deepEqual(planDecode({ width: 4000, height: 3000 }, shape), { width: 1000, height: 750 });
  assert.deepEqual(planDecode({ width: 1023, height: 1023 }, shape), { width: 1023, height: 1023 });
  assert.deepEqual(planDecode({ width: 9000, height: 500 }, { ...shape, resize: 'squash' }), {
    width: 562,
    height: 500,
  });
});

test('a long strip gives the same centre as its middle alone', async () => {
  const rgb = gradient(40, 40);
  const wide = new Uint8Array(400 * 40 * 3).fill(200);
  for (let y = 0; y < 40; y++) wide.set(rgb.subarray(y * 120, y * 120 + 120), (y * 400 + 180) * 3);
  const shape = { size: 32, resize: 32, interpolation: 'bilinear' } as const;
  const strip = await decode(await encodePng(wide, { width: 400, height: 40 }), [{ kind: 'center' }], {
    preprocessing: shape,
  });
  const square = await decode(await encodePng(rgb, { width: 40, height: 40 }), [{ kind: 'center' }], {
    preprocessing: shape,
  });
  const column = (view: Uint8Array, x: number) => Array.from({ length: 32 }, (_, y) => view[(y * 32 + x) * 3]);
  for (const x of [4, 16, 27]) assert.deepEqual(column(strip.views[0]!, x), column(square.views[0]!, x));
  assert.equal(strip.facts.width, 400);
});

test('squash shows the whole picture', async () => {
  const shape = { size: 32, resize: 'squash', interpolation: 'bicubic' } as const;
  const { views } = await decode(await gradientPng(300, 100), [{ kind: 'center' }], { preprocessing: shape });
  const [first, last] = [views[0]![0]!, views[0]![31 * 3]!];
  assert.ok(first < 8 && last > 246, `${first} … ${last}`);
});

test('an empty file and one that turns into another format are refused', async () => {
  await assert.rejects(decode(new Uint8Array(), []), { code: 'WHIPPET_IMAGE_EMPTY' });
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  await assert.rejects(decode(svg, []), { code: 'WHIPPET_IMAGE_UNSUPPORTED' });
  const disguised = Buffer.concat([Buffer.from('GIF89a'), svg]);
  await assert.rejects(decode(disguised, []), { code: 'WHIPPET_IMAGE_CORRUPT' });
});

test('thumbnails fit their box, are never enlarged, and are JPEG', async () => {
  const small = await thumbnail(await gradientPng(300, 100), { side: 60 });
  assert.deepEqual([...small.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  const picture = await decodeUpright(small, 'thumbnail', 1000);
  assert.deepEqual([picture.width, picture.height], [60, 20]);
  const upright = await decodeUpright(await gradientPng(30, 10), 'x', 1000);
  assert.deepEqual([upright.width, upright.height], [30, 10]);
});

test('PNG keeps every pixel, JPEG nearly', async () => {
  const rgb = gradient(64, 40);
  const lossless = await decodeUpright(await encodePng(rgb, { width: 64, height: 40 }), 'x', 64);
  assert.deepEqual(Buffer.from(lossless.data), Buffer.from(rgb));
  const lossy = await decodeUpright(await encodeJpeg(rgb, { width: 64, height: 40, quality: 95 }), 'x', 64);
  const off = lossy.data.reduce((sum, value, i) => sum + Math.abs(value - rgb[i]!), 0) / rgb.length;
  assert.ok(off > 0 && off < 3, `${off}`);
});

test('a drawing of ours becomes a JPEG of the wanted size, over white', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="5" height="10" fill="#0000ff"/></svg>';
  const { data, width, height } = await decodeUpright(
    await rasteriseSvg(svg, { width: 80, height: 80, quality: 95 }),
    'x',
    80,
  );
  assert.deepEqual([width, height], [80, 80]);
  const near = (x: number, colour: readonly number[]) =>
    assert.ok(colour.every((level, c) => Math.abs(data[(40 * 80 + x) * 3 + c]! - level) < 8));
  near(10, [0, 0, 255]);
  near(70, [255, 255, 255]);
});
