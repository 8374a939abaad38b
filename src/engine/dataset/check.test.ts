import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { encodeJpeg, encodePng } from '../image/codec.ts';
import { decodeUpright } from '../image/decode.ts';
import { type CheckOptions, checkDataset } from './check.ts';
import { describeCheck, displayWidth } from './describe.ts';
import { inspectPictures } from './inspect.ts';
import { readDataset } from './read.ts';
import { dataFolder } from './testing/folder.ts';

const size = { width: 96, height: 72 };

/** A different scene of blobs, as rich as a photo, for every seed. */
function scene(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const spots = Array.from(
    { length: 9 },
    () => [random.next(), random.next(), random.next(), random.integer(3)] as const,
  );
  return Uint8Array.from({ length: size.width * size.height * 3 }, (_, i) => {
    const x = (Math.floor(i / 3) % size.width) / size.width;
    const y = Math.floor(i / 3 / size.width) / size.height;
    const level = spots.reduce(
      (sum, [a, b, k, c]) =>
        sum + (c === i % 3 ? 200 : 120) * (k - 0.5) * Math.exp(-((x - a) ** 2 + (y - b) ** 2) * 120),
      120,
    );
    return Math.max(0, Math.min(255, level));
  });
}

const jpeg = (seed: number, quality = 90) => encodeJpeg(scene(seed), { ...size, quality });

/** The same pixels in another file: a PNG of what a JPEG decodes to. */
async function pngCopy(bytes: Uint8Array): Promise<Uint8Array> {
  const picture = await decodeUpright(bytes, 'x', 999);
  return encodePng(picture.data, picture);
}

/** The same JPEG with a comment: other bytes, equal pixels. */
const commented = (bytes: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, 2), Buffer.from('\xff\xfe\0\x06abcd', 'latin1'), bytes.subarray(2)]);

async function check(t: TestContext, files: Record<string, string | Uint8Array>, options?: CheckOptions) {
  const dataset = await readDataset(dataFolder(t, files));
  const report = await checkDataset(dataset, await inspectPictures(dataset.samples), options);
  const found = (code: string) => report.findings.filter((finding) => finding.code === code);
  return { dataset, report, found };
}

test('a sound data set has counts, formats, sizes and no findings', async (t) => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 24; i++) files[`train/${i % 2 ? 'rose' : 'tulip'}/${i}.jpg`] = await jpeg(i);
  for (let i = 24; i < 28; i++) files[`valid/${i % 2 ? 'rose' : 'tulip'}/${i}.png`] = await pngCopy(await jpeg(i));
  const { report } = await check(t, files);
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.counts, { train: [12, 12], valid: [2, 2] });
  assert.deepEqual(report.formats, { jpeg: 24, png: 4 });
  assert.deepEqual(report.shorterSides, [{ from: 64, to: 128, count: 28 }]);
  assert.deepEqual([report.ok, report.imbalance, report.pictures], [true, 1, 28]);
  assert.match(describeCheck(report), /Nothing wrong found/);
});

test('equal pixels are found in other files: leakage, double labels, duplicates', async (t) => {
  const [a, b, c] = [await jpeg(1), await jpeg(2), await jpeg(3)];
  const files = {
    'train/x/a.jpg': a,
    'test/x/a-copy.png': await pngCopy(a),
    'train/x/b.jpg': b,
    'train/y/b-comment.jpg': commented(b),
    'train/y/c.jpg': c,
    'train/y/c-again.jpg': c,
    'valid/x/v.jpg': await jpeg(4),
    'valid/y/w.jpg': await jpeg(5),
    'test/y/t.jpg': await jpeg(6),
  };
  const { report, found } = await check(t, files);
  const names = (code: string) => found(code).map(({ severity, pictures }) => [severity, ...pictures.toSorted()]);
  assert.deepEqual(names('leakage'), [['error', 'test/x/a-copy.png', 'train/x/a.jpg']]);
  assert.deepEqual(names('two-labels'), [['error', 'train/x/b.jpg', 'train/y/b-comment.jpg']]);
  assert.deepEqual(names('duplicate'), [['warning', 'train/y/c-again.jpg', 'train/y/c.jpg']]);
  assert.equal(report.ok, false);
  assert.equal(report.findings[0]!.severity, 'error');
  assert.ok(!report.findings.some(({ code }) => code.startsWith('near')), 'equal ones are not called similar too');

  const allowed = await check(t, files, { allowLeakage: true });
  assert.equal(allowed.found('leakage')[0]!.severity, 'warning');
  assert.equal(allowed.found('two-labels')[0]!.severity, 'error', 'a double label is never allowed');
});

test('pictures that look alike are warned of, by where they are', async (t) => {
  const { report, found } = await check(t, {
    'train/x/a.jpg': await jpeg(1),
    'test/x/a-recompressed.jpg': await jpeg(1, 40),
    'train/x/b.jpg': await jpeg(2),
    'train/x/b-recompressed.jpg': await jpeg(2, 40),
    'train/x/c.jpg': await jpeg(3),
    'train/y/c-recompressed.jpg': await jpeg(3, 40),
    'valid/x/v.jpg': await jpeg(4),
    'valid/y/w.jpg': await jpeg(5),
    'test/y/u.jpg': await jpeg(6),
  });
  assert.ok(report.ok);
  assert.deepEqual(found('near-duplicate-across-splits')[0]!.pictures.toSorted(), [
    'test/x/a-recompressed.jpg',
    'train/x/a.jpg',
  ]);
  assert.equal(found('near-duplicate')[0]!.pictures.length, 2);
  assert.equal(found('near-duplicate-two-labels')[0]!.pictures.length, 2);
  assert.equal(report.findings.filter(({ code }) => code.startsWith('near')).length, 3);
});

test('plain pictures are not called alike, but equal ones are found', async (t) => {
  const plain = (level: number) => encodePng(new Uint8Array(size.width * size.height * 3).fill(level), size);
  const { found } = await check(t, {
    'train/x/1.png': await plain(10),
    'train/x/2.png': await plain(200),
    'train/y/3.png': await plain(90),
    'valid/y/4.png': commentedPng(await plain(90)),
    'valid/x/5.jpg': await jpeg(5),
  });
  assert.deepEqual(
    found('leakage').map(({ pictures }) => pictures.toSorted()),
    [['train/y/3.png', 'valid/y/4.png']],
  );
  assert.deepEqual(found('near-duplicate'), []);
});

/** Bytes after a PNG's end are ignored by decoders. */
function commentedPng(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.from('tail')]);
}

test('missing classes, imbalance, few and unusable pictures are said', async (t) => {
  const files: Record<string, Uint8Array> = { 'train/y/only.jpg': await jpeg(100), 'test/z/t.jpg': await jpeg(101) };
  for (let i = 0; i < 12; i++) files[`train/x/${i}.jpg`] = await jpeg(i);
  files['valid/x/v.jpg'] = await jpeg(50);
  files['valid/y/cut.jpg'] = (await jpeg(51)).subarray(0, 500);
  files['train/x/readme.txt'] = Buffer.from('hello');
  for (let i = 0; i < 2; i++)
    files[`train/x/it's ${i}.heic`] = Buffer.from(`\0\0\0\x18ftypheic\0\0\0\0mif1heic${i}`, 'latin1');
  const { report, found } = await check(t, files);
  assert.match(found('class-not-in-train')[0]!.message, /1 of 3 classes have no picture in train: z/);
  assert.equal(found('class-not-in-train')[0]!.severity, 'error');
  assert.match(
    found('class-not-in-valid')[0]!.message,
    /2 of 3.*: y, z/,
    'a class whose only picture is broken is missing',
  );
  assert.match(found('class-not-in-test')[0]!.message, /x, y/);
  assert.equal(report.imbalance, undefined);
  assert.match(found('few-pictures')[0]!.message, /1 of 3.*: y/);
  assert.deepEqual(
    found('unreadable')
      .map(({ pictures }) => pictures[0])
      .sort(),
    ['train/x/readme.txt', 'valid/y/cut.jpg'],
  );
  const [heic] = found('heic');
  assert.equal(heic!.pictures.length, 2);
  assert.match(heic!.message, /^2 HEIC.*\nfor f in '.*it'\\''s 0\.heic' .*; do heif-convert "\$f" "\$f\.jpg"; done$/);
  assert.equal(report.refused.length, 4);
});

test('one group in two splits is leakage', async (t) => {
  const root = dataFolder(t, {
    'train/x/rex_1.jpg': await jpeg(1),
    'valid/x/rex_2.jpg': await jpeg(2),
    'train/y/b.jpg': await jpeg(3),
  });
  const dataset = await readDataset(root, { groupBy: '([a-z]+)_' });
  const inspection = await inspectPictures(dataset.samples);
  const find = async (options: CheckOptions) =>
    (await checkDataset(dataset, inspection, options)).findings.find(({ code }) => code === 'group-in-two-splits');
  assert.match((await find({}))!.message, /group rex is in train and valid/);
  assert.equal((await find({}))!.severity, 'error');
  assert.equal((await find({ allowLeakage: true }))!.severity, 'warning');
});

test('the text keeps to 100 columns, aligns its tables and shortens long lists', async (t) => {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 30; i++) files[`train/a class with a rather long name, number ${i}, 犬/${i}.jpg`] = await jpeg(i);
  for (let i = 0; i < 12; i++) files[`train/dup/${i}-${'long-'.repeat(8)}.jpg`] = files[Object.keys(files)[i]!]!;
  const { report } = await check(t, files);
  const lines = describeCheck(report).split('\n');
  for (const line of lines) assert.ok(displayWidth(line) <= 100 || !line.trimStart().includes(' '), line);
  const table = lines.slice(
    lines.findIndex((line) => line.startsWith('  class')),
    lines.findIndex((line) => line.startsWith('  all')) + 1,
  );
  assert.equal(table.length, 15);
  const widths = new Set(table.filter((line) => !line.includes('more')).map(displayWidth));
  assert.equal(widths.size, 1, 'the last column ends in one place');
  assert.ok(lines.some((line) => line.includes('… and 4 more')));
});
