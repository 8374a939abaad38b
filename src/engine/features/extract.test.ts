import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EngineEvent } from '../events.ts';
import { extractFeatures } from './extract.ts';
import {
  copyPicture,
  dimension,
  drawPicture,
  drawPictures,
  expectedFeatures,
  optionsIn,
  rowOf,
  sampleOf,
  temporaryDirectory,
  writeFile,
} from './testing/fixture.ts';

test('rows are the backbone of the pictures, in the order of the samples, the views of one beside each other', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 21).reverse();
  const views = [{ kind: 'flip' }, { kind: 'center' }] as const;
  const extracted = await extractFeatures(samples, optionsIn(directory, { views, workers: 2 }));
  assert.deepEqual(extracted.samples, samples);
  assert.equal(extracted.viewsPerSample, 2);
  assert.equal(extracted.features.rows, 42);
  assert.equal(extracted.features.data.length, 42 * dimension);
  samples.forEach((_, index) => {
    const seed = 20 - index;
    assert.deepEqual(rowOf(extracted.features, 2 * index), [...expectedFeatures(seed, { mirrored: true })]);
    assert.deepEqual(rowOf(extracted.features, 2 * index + 1), [...expectedFeatures(seed)]);
    const { format, width, height } = extracted.facts[index]!;
    assert.deepEqual({ format, width, height }, { format: 'png', width: 16, height: 16 });
  });
  assert.deepEqual([extracted.cached, extracted.computed], [0, 42]);
});

test('a second run computes nothing: it needs neither workers nor the model', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 9);
  const options = optionsIn(directory);
  const first = await extractFeatures(samples, options);
  rmSync(options.backbone.modelFile);
  const second = await extractFeatures(samples, options);
  assert.deepEqual([second.cached, second.computed], [9, 0]);
  assert.deepEqual(second.features, first.features);
  assert.deepEqual(second.facts, first.facts);
});

test('a renamed class, a moved folder and more photos recompute only what is new', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(join(directory, 'a'), 9);
  const options = optionsIn(directory);
  await extractFeatures(samples, options);

  renameSync(join(directory, 'a/class'), join(directory, 'a/renamed'));
  renameSync(join(directory, 'a'), join(directory, 'moved'));
  const moved = samples.map(({ name }) => sampleOf(join(directory, 'moved'), name.replace('class', 'renamed')));
  const added = [100, 101].map((seed) => drawPicture(join(directory, 'moved'), `other/${seed}.png`, seed));
  const extracted = await extractFeatures([...added, ...moved], options);
  assert.deepEqual([extracted.cached, extracted.computed], [9, 2]);
  assert.deepEqual(rowOf(extracted.features, 1), [...expectedFeatures(101)]);
  assert.deepEqual(rowOf(extracted.features, 2), [...expectedFeatures(0)]);
});

test('a known view beside a new one is not computed again', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 3);
  const options = optionsIn(directory);
  await extractFeatures(samples, options);
  const flipped = await extractFeatures(samples, { ...options, views: [{ kind: 'center' }, { kind: 'flip' }] });
  assert.deepEqual([flipped.cached, flipped.computed], [3, 3]);
  assert.deepEqual(rowOf(flipped.features, 4), [...expectedFeatures(2)]);
  assert.deepEqual(rowOf(flipped.features, 5), [...expectedFeatures(2, { mirrored: true })]);
});

test('equal files are computed once and have equal rows, also where the first of them cannot be read', async (context) => {
  const directory = temporaryDirectory(context);
  const original = drawPicture(directory, 'a/original.png', 5);
  const copies = ['b/copy.png', 'c/copy.png'].map((name) => copyPicture(original, directory, name));
  const other = drawPicture(directory, 'd/other.png', 6);
  const samples = [original, other, ...copies];
  const options = optionsIn(directory);
  const all = await extractFeatures(samples, options);
  assert.equal(all.computed, 2);
  assert.deepEqual(
    [0, 1, 2, 3].map((row) => rowOf(all.features, row)),
    [5, 6, 5, 5].map((seed) => [...expectedFeatures(seed)]),
  );

  rmSync(original.path);
  const rest = await extractFeatures(samples, { ...options, cacheDirectory: join(directory, 'empty') });
  assert.deepEqual(
    rest.refused.map(({ sample, code }) => [sample.name, code]),
    [['a/original.png', 'WHIPPET_IMAGE_UNREADABLE']],
  );
  assert.deepEqual(rest.samples, [other, ...copies]);
  assert.deepEqual(
    [0, 1, 2].map((row) => rowOf(rest.features, row)),
    [6, 5, 5].map((seed) => [...expectedFeatures(seed)]),
  );
});

test('bad files are named, skipped and remembered by content; the name told is the present one', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 10);
  const junk = writeFile(directory, 'class/junk.jpg', 'not a picture');
  const changed = drawPicture(directory, 'class/changed.png', 50);
  const gone = drawPicture(directory, 'class/gone.png', 51);
  drawPicture(directory, 'class/changed.png', 52);
  rmSync(gone.path);
  const given = [samples[0]!, junk, changed, gone, ...samples.slice(1)];
  const events: EngineEvent[] = [];
  const options = optionsIn(directory, { onEvent: (event) => events.push(event) });
  const extracted = await extractFeatures(given, options);
  const codes = ['WHIPPET_IMAGE_NOT_AN_IMAGE', 'WHIPPET_FEATURES_CHANGED', 'WHIPPET_IMAGE_UNREADABLE'];
  assert.deepEqual(
    extracted.refused.map(({ code }) => code),
    codes,
  );
  assert.deepEqual(
    extracted.refused.map(({ sample }) => sample),
    [junk, changed, gone],
  );
  assert.deepEqual(extracted.samples, samples);
  samples.forEach((_, seed) => {
    assert.deepEqual(rowOf(extracted.features, seed), [...expectedFeatures(seed)]);
  });
  const told = events.flatMap((event) => (event.type === 'picture-refused' ? [event] : []));
  assert.deepEqual(told.map(({ code }) => code).sort(), [...codes].sort());
  for (const { message, name } of told) assert.ok(message.startsWith(name), message);
  const last = events.findLast((event) => event.type === 'progress');
  assert.deepEqual(last, { type: 'progress', stage: 'features', done: 13, total: 13, unit: 'pictures' });

  const renamed = copyPicture(junk, directory, 'class/renamed.jpg');
  rmSync(renamed.path);
  const again = await extractFeatures([renamed], options);
  assert.match(again.refused[0]!.message, /^class\/renamed\.jpg is not a picture/);
});

test('pictures that are known to be of no use are refused as was said, and not tried', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 4);
  const refusal = { code: 'WHIPPET_FEATURES_NOT_FINITE', message: 'said elsewhere', remedy: '' };
  const knownRefusals = new Map([[samples[2]!.digest, refusal]]);
  const extracted = await extractFeatures(samples, optionsIn(directory, { knownRefusals }));
  assert.equal(extracted.computed, 3);
  assert.deepEqual(extracted.refused, [{ sample: samples[2], code: refusal.code, message: refusal.message }]);
  assert.deepEqual(extracted.samples, [samples[0], samples[1], samples[3]]);
});

test('strict throws the refusal, from the decoder and from the cache', async (context) => {
  const directory = temporaryDirectory(context);
  const junk = writeFile(directory, 'junk.jpg', 'not a picture');
  const options = optionsIn(directory, { strict: true });
  const refusal = { name: 'WhippetError', code: 'WHIPPET_IMAGE_NOT_AN_IMAGE', message: /^junk\.jpg is/ };
  await assert.rejects(extractFeatures([junk, ...drawPictures(directory, 3)], options), refusal);
  rmSync(junk.path);
  await assert.rejects(extractFeatures([junk], options), refusal);
});

test('no samples, only bad samples and a backbone that is no model', async (context) => {
  const directory = temporaryDirectory(context);
  const options = optionsIn(directory);
  const none = await extractFeatures([], options);
  assert.deepEqual([none.samples.length, none.features.rows, none.features.data.length], [0, 0, 0]);
  const bad = await extractFeatures([writeFile(directory, 'bad.jpg', '')], options);
  assert.deepEqual([bad.samples.length, bad.features.rows, bad.refused[0]?.code], [0, 0, 'WHIPPET_IMAGE_EMPTY']);
  writeFileSync(options.backbone.modelFile, 'no model');
  await assert.rejects(extractFeatures(drawPictures(directory, 1), options), { code: 'WHIPPET_ONNX_LOAD' });
});

test('an aborted run rejects with the reason and keeps what was done', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 200);
  const controller = new AbortController();
  const reason = new Error('enough');
  const options = optionsIn(directory);
  const onEvent = (event: EngineEvent): void => {
    if (event.type === 'progress' && event.done > 0) controller.abort(reason);
  };
  const { signal } = controller;
  await assert.rejects(extractFeatures(samples, { ...options, onEvent, signal }), reason);
  await assert.rejects(extractFeatures(samples, { ...options, signal }), reason);
  const resumed = await extractFeatures(samples, options);
  assert.ok(resumed.cached > 0 && resumed.computed > 0, `${resumed.cached} cached, ${resumed.computed} computed`);
  assert.deepEqual(rowOf(resumed.features, 199), [...expectedFeatures(199)]);
});

test('a cache that cannot be written is told once and costs nothing but time', async (context) => {
  const directory = temporaryDirectory(context);
  const events: EngineEvent[] = [];
  const cacheDirectory = join(directory, 'occupied');
  writeFileSync(cacheDirectory, 'a file where the cache should be');
  const samples = drawPictures(directory, 20);
  const options = optionsIn(directory, { cacheDirectory, onEvent: (event) => events.push(event) });
  assert.equal((await extractFeatures(samples, options)).computed, 20);
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
  assert.deepEqual(warnings, ['WHIPPET_FEATURES_CACHE']);
});

test('two runs at once share a cache without harm', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 30);
  const options = optionsIn(directory);
  const [one, other] = await Promise.all([extractFeatures(samples, options), extractFeatures(samples, options)]);
  assert.deepEqual(one.features, other.features);
  const after = await extractFeatures(samples, options);
  assert.deepEqual([after.cached, after.features], [30, one.features]);
});
