import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EngineEvent } from '../../events.ts';
import { extractFeatures } from '../extract.ts';
import { drawPictures, optionsIn, temporaryDirectory, writeFile } from '../testing/fixture.ts';

/** Every file below `directory` with its bytes and time of change. */
function contents(directory: string): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, `${statSync(path).mtimeMs} ${readFileSync(path, 'hex')}`];
    }),
  );
}

function segmentsIn(directory: string): string[] {
  return [...contents(directory).keys()].filter((path) => path.endsWith('.segment')).sort();
}

test('what a base knows is neither computed nor copied, and the base stays as it is', async (context) => {
  const directory = temporaryDirectory(context);
  const base = join(directory, 'base');
  const samples = drawPictures(directory, 12);
  const junk = writeFile(directory, 'class/junk.jpg', 'not a picture');
  const first = await extractFeatures([junk, ...samples.slice(0, 9)], optionsIn(directory, { cacheDirectory: base }));
  const before = contents(base);

  const options = optionsIn(directory, { baseCacheDirectories: [join(directory, 'nowhere'), base] });
  const second = await extractFeatures([junk, ...samples], options);
  assert.deepEqual([second.cached, second.computed], [9, 3]);
  assert.deepEqual(second.features.data.subarray(0, first.features.data.length), first.features.data);
  assert.deepEqual(second.facts.slice(0, 9), first.facts);
  assert.equal(second.refused[0]?.code, 'WHIPPET_IMAGE_NOT_AN_IMAGE');
  assert.deepEqual(contents(base), before);

  const third = await extractFeatures([junk, ...samples], options);
  assert.deepEqual([third.cached, third.computed, third.features], [12, 0, second.features]);
  const alone = await extractFeatures(samples, { ...options, baseCacheDirectories: [] });
  assert.deepEqual([alone.cached, alone.computed], [3, 9]);
});

test('a base may know the picture and the cache its features, or the other way round', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 5);
  const whole = join(directory, 'whole');
  await extractFeatures(samples, optionsIn(directory, { cacheDirectory: whole }));
  for (const kind of ['pictures', 'features']) {
    const base = join(directory, kind);
    const own = join(directory, `own-${kind}`);
    for (const name of readdirSync(whole))
      cpSync(join(whole, name), join(name.startsWith(kind) ? base : own, name), { recursive: true });
    const options = optionsIn(directory, { cacheDirectory: own, baseCacheDirectories: [base] });
    assert.deepEqual((await extractFeatures(samples, options)).computed, 0);
  }
});

test('damage in a base counts as absent and is left there', async (context) => {
  const directory = temporaryDirectory(context);
  const base = join(directory, 'base');
  const samples = drawPictures(directory, 8);
  await extractFeatures(samples, optionsIn(directory, { cacheDirectory: base }));
  const [features] = segmentsIn(base).filter((path) => path.includes('features-'));
  truncateSync(features as string, statSync(features as string).size - 10);
  const before = contents(base);
  const events: EngineEvent[] = [];
  const options = optionsIn(directory, { baseCacheDirectories: [base], onEvent: (event) => events.push(event) });
  const extracted = await extractFeatures(samples, options);
  assert.ok(extracted.computed > 0);
  assert.deepEqual(contents(base), before);
  assert.deepEqual(
    events.filter(({ type }) => type === 'warning'),
    [],
  );
  assert.deepEqual((await extractFeatures(samples, options)).computed, 0);
});

test('a base that is no folder is told of, and the others serve', async (context) => {
  const directory = temporaryDirectory(context);
  const base = join(directory, 'base');
  const samples = drawPictures(directory, 3);
  await extractFeatures(samples, optionsIn(directory, { cacheDirectory: base }));
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const events: EngineEvent[] = [];
  const options = optionsIn(directory, { baseCacheDirectories: [file, base], onEvent: (event) => events.push(event) });
  assert.equal((await extractFeatures(samples, options)).computed, 0);
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  assert.equal(warnings.length, 1);
  assert.ok(warnings[0]?.includes(file));
});

test('segments that are moved into a base as they are serve there', async (context) => {
  const directory = temporaryDirectory(context);
  const [overlay, base] = [join(directory, 'overlay'), join(directory, 'base')];
  const samples = drawPictures(directory, 4);
  await extractFeatures(samples, optionsIn(directory, { cacheDirectory: overlay }));
  for (const path of segmentsIn(overlay)) {
    const [store, name] = path.split('/').slice(-2) as [string, string];
    assert.match(`${store}/${name}`, /^(pictures|features)-[0-9a-f]{32}\/\d{13}-\d+-[0-9a-f]{8}\.segment$/);
    const bytes = readFileSync(path);
    assert.equal(bytes.toString('latin1', 0, 8), 'whipsegm');
    assert.equal(bytes.readUInt32LE(8), 1);
    assert.equal(bytes.toString('hex', 16, 32), store.split('-')[1]);
    mkdirSync(join(base, store), { recursive: true });
    cpSync(path, join(base, store, name));
  }
  const options = optionsIn(directory, { cacheDirectory: join(directory, 'next'), baseCacheDirectories: [base] });
  assert.equal((await extractFeatures(samples, options)).computed, 0);
});
