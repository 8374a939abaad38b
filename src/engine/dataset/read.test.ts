import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EngineEvent } from '../events.ts';
import type { Dataset } from './dataset.ts';
import { type ReadOptions, readDataset } from './read.ts';
import { splitDigest } from './split-digest.ts';
import { dataFolder, jpegLike } from './testing/folder.ts';
import { assertNoneRefused, assertTrainable } from './trainable.ts';

/** "split class name" of every sample, in order. */
const listed = ({ samples, classes }: Dataset): string[] =>
  samples.map(({ split, label, name }) => `${split} ${classes[label]} ${name}`);

async function readWithEvents(root: string, options: ReadOptions = {}) {
  const events: EngineEvent[] = [];
  const dataset = await readDataset(root, { ...options, onEvent: (event) => events.push(event) });
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
  return { dataset, events, warnings };
}

/** `count` different pictures of each class. */
function manyPictures(classes: readonly string[], count: number, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    classes.flatMap((name) =>
      Array.from({ length: count }, (_, i) => [`${prefix}${name}/${i}.jpg`, `${name} ${i}`] as const),
    ),
  );
}

test('splits with class folders, however they are called, at any depth', async (t) => {
  const root = dataFolder(t, {
    'train/rose/1.jpg': 'a',
    'train/rose/wild/deep/2.JPG': 'b',
    'train/Zinnia/1.jpg': 'c',
    'Validation/rose/3.jpg': 'd',
    'test/Zinnia/4.jpg': 'e',
  });
  const { dataset } = await readWithEvents(root);
  assert.equal(dataset.layout, 'splits');
  assert.deepEqual(dataset.classes, ['Zinnia', 'rose']);
  assert.deepEqual(listed(dataset).sort(), [
    'test Zinnia test/Zinnia/4.jpg',
    'train Zinnia train/Zinnia/1.jpg',
    'train rose train/rose/1.jpg',
    'train rose train/rose/wild/deep/2.JPG',
    'valid rose Validation/rose/3.jpg',
  ]);
  const [first] = dataset.samples;
  assert.equal(first!.path, join(root, first!.name));
  assert.equal(first!.digest, createHash('sha256').update(jpegLike('c')).digest('hex'));
});

test('samples come by split, label, digest and name; classes by code point', async (t) => {
  const classes = ['\u{1f600}', '\uffee', 'a', 'Z', 'é'];
  const root = dataFolder(t, { ...manyPictures(classes, 4, 'train/'), ...manyPictures(['a', 'Z'], 3, 'valid/') });
  writeFileSync(join(root, 'train/a/copy.jpg'), jpegLike('a 0'));
  const { samples, classes: order } = await readDataset(root);
  assert.deepEqual(order, ['Z', 'a', 'é', '\uffee', '\u{1f600}']);
  const keys = samples.map(({ split, label, digest, name }) => `${split} ${label} ${digest} ${name}`);
  assert.deepEqual(keys, keys.toSorted());
});

test('a decomposed class name is the same class', async (t) => {
  const root = dataFolder(t, { 'train/caf\u00e9/1.jpg': 'a', 'valid/cafe\u0301/2.jpg': 'b', 'train/tea/3.jpg': 'c' });
  assert.deepEqual((await readDataset(root)).classes, ['caf\u00e9', 'tea']);
});

test('without splits, 80/10/10 by hash, and adding pictures moves none', async (t) => {
  const root = dataFolder(t, manyPictures(['a', 'b', 'c'], 200));
  const before = await readDataset(root);
  const share = (split: string) => before.samples.filter((sample) => sample.split === split).length / 600;
  assert.ok(Math.abs(share('train') - 0.8) < 0.06 && Math.abs(share('valid') - 0.1) < 0.05, `${share('train')}`);
  assert.ok(Math.abs(share('test') - 0.1) < 0.05);

  for (let i = 0; i < 60; i++) writeFileSync(join(root, `b/more-${i}.jpg`), jpegLike(`more ${i}`));
  renameSync(join(root, 'a'), join(root, 'renamed'));
  const after = new Map((await readDataset(root)).samples.map(({ digest, split }) => [digest, split]));
  assert.equal(after.size, 660);
  for (const { digest, split } of before.samples) assert.equal(after.get(digest), split);
});

test('equal files and pictures of a group land together', async (t) => {
  const files: Record<string, string> = {};
  for (let dog = 0; dog < 40; dog++) {
    for (let shot = 0; shot < 4; shot++) files[`class${dog % 2}/dog${dog}_${shot}.jpg`] = `${dog} ${shot}`;
    files[`class0/copy-a-${dog}.jpg`] = `copy ${dog}`;
    files[`class1/copy-b-${dog}.jpg`] = `copy ${dog}`;
  }
  const root = dataFolder(t, files);
  const splitsBy = (dataset: Dataset, key: (sample: Dataset['samples'][number]) => string | undefined) => {
    const found = new Map<string, Set<string>>();
    for (const sample of dataset.samples) {
      const name = key(sample);
      if (name !== undefined) found.set(name, (found.get(name) ?? new Set()).add(sample.split));
    }
    return [...found.values()];
  };
  const plain = await readDataset(root);
  assert.ok(splitsBy(plain, ({ digest }) => digest).every(({ size }) => size === 1));
  const dogOf = ({ name }: { name: string }) => /(dog\d+)_/.exec(name)?.[1];
  assert.ok(
    splitsBy(plain, dogOf).some(({ size }) => size > 1),
    'without groups dogs are torn apart',
  );
  const { dataset: grouped, warnings } = await readWithEvents(root, { groupBy: '(dog\\d+)_' });
  assert.ok(splitsBy(grouped, dogOf).every(({ size }) => size === 1));
  assert.equal(new Set(grouped.samples.map(({ split }) => split)).size, 3);
  assert.equal(grouped.samples.find(({ name }) => name === 'class1/dog7_2.jpg')!.group, 'dog7');
  assert.deepEqual(warnings, ['group-unmatched']);
  await assert.rejects(readDataset(root, { groupBy: '(' }), { code: 'WHIPPET_DATASET_GROUP_PATTERN' });
});

test('where train has no valid beside it, a tenth of train becomes valid, and says so', async (t) => {
  const root = dataFolder(t, { ...manyPictures(['a', 'b'], 100, 'train/'), ...manyPictures(['a', 'b'], 5, 'test/') });
  const { dataset, warnings } = await readWithEvents(root);
  const count = (split: string) => dataset.samples.filter((sample) => sample.split === split).length;
  assert.ok(count('valid') > 5 && count('valid') < 40, `${count('valid')}`);
  assert.equal(count('train') + count('valid'), 200);
  assert.equal(count('test'), 10);
  assert.deepEqual(warnings, ['valid-taken-from-train']);
});

test('train and valid without test stay as they are', async (t) => {
  const root = dataFolder(t, { ...manyPictures(['a', 'b'], 3, 'train/'), ...manyPictures(['a', 'b'], 2, 'val/') });
  const { dataset, warnings } = await readWithEvents(root);
  assert.deepEqual(
    dataset.samples.map(({ split }) => split),
    [...Array(6).fill('train'), ...Array(4).fill('valid')],
  );
  assert.deepEqual(warnings, []);
});

test('litter is ignored, other files are refused by name, loose files are mentioned', async (t) => {
  const root = dataFolder(t, {
    'a/1.jpg': 'x',
    'b/2.jpg': 'y',
    'a/.DS_Store': 'z',
    'a/._1.jpg': 'z',
    'a/Thumbs.db': 'z',
    '__MACOSX/a/._1.jpg': 'z',
    '.git/x.jpg': 'z',
    'loose.jpg': 'z',
    'a/notes.txt': Buffer.from('Notes'),
    'a/empty.jpg': new Uint8Array(),
    'b/page.jpg': Buffer.from('<!DOCTYPE html><title>404</title>'),
    'b/phone.heic': Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
  });
  const { dataset, events, warnings } = await readWithEvents(root);
  assert.equal(dataset.samples.length, 2);
  assert.deepEqual(
    dataset.refused.map(({ name, code }) => `${name} ${code}`),
    [
      'a/empty.jpg WHIPPET_IMAGE_EMPTY',
      'a/notes.txt WHIPPET_IMAGE_NOT_AN_IMAGE',
      'b/page.jpg WHIPPET_IMAGE_NOT_AN_IMAGE',
      'b/phone.heic WHIPPET_IMAGE_HEIC',
    ],
  );
  assert.equal(events.filter(({ type }) => type === 'picture-refused').length, 4);
  assert.deepEqual(warnings, ['files-without-class']);
  assert.deepEqual(
    events.findLast(({ type }) => type === 'progress'),
    {
      type: 'progress',
      stage: 'read',
      done: 6,
      total: 6,
      unit: 'pictures',
    },
  );
});

test('links are followed, broken ones and loops are refused', async (t) => {
  const root = dataFolder(t, { 'a/1.jpg': 'x', 'b/2.jpg': 'y' });
  const elsewhere = dataFolder(t, { 'inner/3.jpg': 'z' });
  symlinkSync(elsewhere, join(root, 'c'));
  symlinkSync('..', join(root, 'a/up'));
  symlinkSync('.', join(root, 'a/self'));
  symlinkSync('nowhere.jpg', join(root, 'b/broken.jpg'));
  const { dataset } = await readWithEvents(root);
  assert.deepEqual(dataset.classes, ['a', 'b', 'c']);
  assert.ok(listed(dataset).some((line) => line.endsWith('c/inner/3.jpg')));
  const refused = dataset.refused.map(({ name }) => name);
  assert.deepEqual(refused, ['a/self', 'a/up', 'b/broken.jpg']);
  assert.equal(dataset.samples.length, 3);
  assert.ok(dataset.refused.every(({ code }) => code === 'WHIPPET_IMAGE_UNREADABLE'));
});

test('files and folders without permission are named', {
  skip: process.getuid?.() === 0 && 'root reads everything',
}, async (t) => {
  const root = dataFolder(t, { 'a/1.jpg': 'x', 'a/2.jpg': 'w', 'b/2.jpg': 'y' });
  chmodSync(join(root, 'a/1.jpg'), 0);
  const { dataset } = await readWithEvents(root);
  assert.deepEqual(
    dataset.refused.map(({ name }) => name),
    ['a/1.jpg'],
  );
  chmodSync(join(root, 'b'), 0);
  await assert.rejects(readDataset(root), { code: 'WHIPPET_DATASET_UNREADABLE_FOLDER' });
  chmodSync(join(root, 'b'), 0o700);
});

test('what cannot be a data set is refused with a way out', async (t) => {
  const root = dataFolder(t, { 'photo.jpg': 'x' });
  await assert.rejects(readDataset(join(root, 'nowhere')), { code: 'WHIPPET_DATASET_NOT_FOUND' });
  await assert.rejects(readDataset(join(root, 'photo.jpg')), { code: 'WHIPPET_DATASET_NOT_A_FOLDER' });
  await assert.rejects(readDataset(root), { code: 'WHIPPET_DATASET_NO_CLASSES' });
  mkdirSync(join(root, 'empty'));
  await assert.rejects(readDataset(root), { code: 'WHIPPET_DATASET_EMPTY' });
  writeFileSync(join(root, 'empty/x.jpg'), 'text');
  await assert.rejects(readDataset(root), /x\.jpg is not a picture but text/);
  const wrapped = dataFolder(t, { 'dogImages/train/a/1.jpg': 'x', 'dogImages/valid/a/2.jpg': 'x' });
  await assert.rejects(readDataset(wrapped), { code: 'WHIPPET_DATASET_NO_CLASSES', remedy: /dogImages instead/ });
});

test('folders beside the splits are left out with a warning', async (t) => {
  const root = dataFolder(t, {
    ...manyPictures(['a', 'b'], 2, 'train/'),
    'valid/a/v.jpg': 'v',
    'docs/x.jpg': 'x',
    'test/9.jpg': 'u',
  });
  const { dataset, warnings } = await readWithEvents(root);
  assert.equal(dataset.samples.length, 5);
  assert.deepEqual(warnings.sort(), ['files-without-class', 'folder-beside-splits']);
});

test('reading stops when it is told to', async (t) => {
  const root = dataFolder(t, manyPictures(['a', 'b'], 50));
  const controller = new AbortController();
  const onEvent = () => controller.abort(new Error('enough'));
  await assert.rejects(readDataset(root, { onEvent, signal: controller.signal }), /enough/);
});

test('training needs two classes, each in train, and a valid split', async (t) => {
  const assertCode = async (files: Record<string, string>, code: string) => {
    const dataset = await readDataset(dataFolder(t, files));
    assert.throws(() => assertTrainable(dataset), { code });
  };
  await assertCode(manyPictures(['a'], 3), 'WHIPPET_DATASET_ONE_CLASS');
  await assertCode(manyPictures(['a', 'b'], 3, 'test/'), 'WHIPPET_DATASET_NO_TRAIN');
  await assertCode({ 'train/a/1.jpg': '1', 'train/b/1.jpg': '2' }, 'WHIPPET_DATASET_NO_VALID');
  await assertCode(
    { ...manyPictures(['a', 'b'], 2, 'train/'), 'valid/c/1.jpg': 'x' },
    'WHIPPET_DATASET_CLASS_NOT_IN_TRAIN',
  );
  const good = await readDataset(dataFolder(t, { ...manyPictures(['a', 'b'], 2, 'train/'), 'valid/a/1.jpg': 'x' }));
  assert.doesNotThrow(() => assertTrainable(good));
});

test('a split is named by its contents, not by its files', async (t) => {
  const files = { 'train/a/1.jpg': 'x', 'train/b/2.jpg': 'y', 'test/a/3.jpg': 'z', 'test/b/4.jpg': 'w' };
  const one = await readDataset(dataFolder(t, files));
  const renamed = { 'train/a/1.jpg': 'x', 'train/b/2.jpg': 'y', 'test/a/other.jpg': 'z', 'test/b/deep/4.jpg': 'w' };
  const two = await readDataset(dataFolder(t, renamed));
  const relabelled = await readDataset(dataFolder(t, { ...files, 'test/a/3.jpg': 'w', 'test/b/4.jpg': 'z' }));
  assert.match(splitDigest(one, 'test')!, /^[0-9a-f]{64}$/);
  assert.equal(splitDigest(one, 'test'), splitDigest(two, 'test'));
  assert.notEqual(splitDigest(one, 'test'), splitDigest(relabelled, 'test'));
  assert.notEqual(splitDigest(one, 'test'), splitDigest(one, 'train'));
  assert.equal(splitDigest({ ...one, samples: [] }, 'valid'), undefined);
});

test('where nothing may be left out, the first file that is no picture is told, and how many more there are', () => {
  const refusal = (name: string) => ({ name, code: 'WHIPPET_IMAGE_EMPTY', message: `${name} is empty (0 bytes).` });
  assert.doesNotThrow(() => assertNoneRefused({ refused: [] }));
  assert.throws(() => assertNoneRefused({ refused: [refusal('a.jpg'), refusal('b.jpg')] }), {
    code: 'WHIPPET_IMAGE_EMPTY',
    message: 'a.jpg is empty (0 bytes). 1 more cannot be used either.',
  });
});
