import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { EngineEvent } from '../events.ts';
import { type Inventory, type ReadOptions, readInventory } from './inventory.ts';
import { mergeInventories } from './merge.ts';
import { readDataset } from './read.ts';
import { dataFolder } from './testing/folder.ts';

/** What reading gives, with the events besides progress, or the error's code. */
async function outcome(root: string, read: (onEvent: (event: EngineEvent) => void) => unknown) {
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent): void => void (event.type !== 'progress' && events.push(event));
  try {
    const dataset = await read(onEvent);
    return { dataset, events };
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message, root };
  }
}

/** The files dealt out to folders: each goes to the hosts that `place` gives for it. */
function deal(
  t: TestContext,
  files: Readonly<Record<string, string | Uint8Array>>,
  { hosts, place }: { hosts: number; place: (index: number) => readonly number[] },
): string[] {
  const parts = Array.from({ length: hosts }, () => ({}) as Record<string, string | Uint8Array>);
  Object.entries(files).forEach(([name, content], index) => {
    for (const host of place(index)) parts[host]![name] = content;
  });
  return parts.map((part) => dataFolder(t, part));
}

/** As it comes over the wire. */
const sent = (inventory: Inventory): Inventory => JSON.parse(JSON.stringify(inventory)) as Inventory;

async function readTogether(roots: readonly string[], whole: string, options: ReadOptions = {}) {
  const inventories: { host: string; inventory: Inventory }[] = [];
  for (const [at, root] of roots.entries()) {
    inventories.push({ host: `algo-${at + 1}`, inventory: sent(await readInventory(root, options)) });
  }
  return outcome(whole, (onEvent) => mergeInventories(inventories, { ...options, onEvent, root: whole }).dataset);
}

async function assertSame(
  t: TestContext,
  files: Readonly<Record<string, string | Uint8Array>>,
  { hosts, place, groupBy }: { hosts: number; place: (index: number) => readonly number[]; groupBy?: string },
): Promise<void> {
  const whole = dataFolder(t, files);
  const options = { groupBy };
  const alone = await outcome(whole, (onEvent) => readDataset(whole, { ...options, onEvent }));
  assert.deepEqual(await readTogether(deal(t, files, { hosts, place }), whole, options), alone);
}

const splitsAndMore = {
  'train/rose/1.jpg': 'a',
  'train/rose/deep/wild/2.jpg': 'b',
  'train/tulip/3.jpg': 'c',
  'train/loose.jpg': 'd',
  'val/tulip/4.jpg': 'e',
  'val/tulip/copy.jpg': 'a',
  'docs/plan/5.jpg': 'f',
  'docs/6.jpg': 'g',
  'readme.jpg': 'h',
  'train/rose/notes.txt': Buffer.from('Notes'),
};

test('each file on one host, or on several: together they are what one host with all of them reads', async (t) => {
  for (const hosts of [1, 2, 3, 12]) {
    await assertSame(t, splitsAndMore, { hosts, place: (index) => [index % hosts] });
    await assertSame(t, splitsAndMore, { hosts, place: () => Array.from({ length: hosts }, (_, host) => host) });
    await assertSame(t, splitsAndMore, { hosts, place: (index) => [...new Set([index % hosts, (index * 5) % hosts])] });
  }
});

test('whatever folders and files there are, and whoever has them', async (t) => {
  const part = fc.constantFrom('train', 'valid', 'test', 'a', 'b', 'é', 'e\u0301', '.hidden');
  const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}/x`);
  const file = fc.record({
    name: fc.tuple(name, fc.nat(3)).map(([path, at]) => `${path}${at}.jpg`),
    content: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
    hosts: fc.uniqueArray(fc.nat(2), { minLength: 1 }),
  });
  const set = fc.uniqueArray(file, { selector: (each) => each.name, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(set, fc.constantFrom(undefined, '^[^/]+/([^/]+)'), async (files, groupBy) => {
      const contents = Object.fromEntries(files.map((each) => [each.name, each.content]));
      await assertSame(t, contents, {
        ...{ hosts: 3, place: (index: number) => files[index]!.hosts },
        ...(groupBy !== undefined && { groupBy }),
      });
    }),
    { numRuns: 25 },
  );
});

test('a table is read by every host, and each finds the files that it has', async (t) => {
  const rows = Array.from({ length: 30 }, (_, at) => `${at % 3 ? 'x' : 'y\\'}/${at}.jpg,class ${at % 4},dog ${at % 7}`);
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`${at % 3 ? 'x' : 'y'}/${at}.jpg`, `picture ${at}`]),
  );
  const table = join(dataFolder(t, {}), 'labels.csv');
  writeFileSync(table, `path,label,group\n${rows.join('\n')}\nx/1.jpg,class 1,dog 1\n`);
  const whole = dataFolder(t, files);
  const options = { labelsFile: table };
  const alone = await outcome(whole, (onEvent) => readDataset(whole, { ...options, onEvent }));
  assert.ok('dataset' in alone);
  const roots = deal(t, files, { hosts: 3, place: (index) => [index % 3] });
  assert.deepEqual(await readTogether(roots, whole, options), alone);
  assert.deepEqual(await readTogether([whole, whole], whole, options), alone);

  const missing = await readTogether(roots.slice(1), whole, options);
  assert.ok('code' in missing && missing.code === 'WHIPPET_DATASET_LABELS_MISSING_FILES');
  const first = { host: 'a', inventory: await readInventory(whole, options) };
  writeFileSync(table, `path,label\nx/1.jpg,other\n`);
  const second = { host: 'b', inventory: await readInventory(whole, options) };
  assert.throws(() => mergeInventories([first, second], { ...options, root: whole }), {
    code: 'WHIPPET_PEERS_FILES_DIFFER',
    message: /labels\.csv is not the same file on the hosts a and b/,
  });
});

test('one name with two contents is an error that names the file and the hosts', async (t) => {
  const one = dataFolder(t, { 'a/1.jpg': 'x', 'b/2.jpg': 'y' });
  const other = dataFolder(t, { 'a/1.jpg': 'x', 'b/2.jpg': 'changed' });
  const together = await readTogether([one, other], one);
  assert.ok('code' in together && together.code === 'WHIPPET_PEERS_FILES_DIFFER');
  assert.match(together.message, /^b\/2\.jpg is not the same file on the hosts algo-1 and algo-2/);
});

test('a file that one host cannot read is what another reads; one that none can read is refused once', async (t) => {
  const good = dataFolder(t, { 'a/1.jpg': 'x', 'b/2.jpg': 'y', 'b/bad.jpg': Buffer.from('text') });
  const bad = dataFolder(t, { 'a/1.jpg': Buffer.from('text'), 'b/bad.jpg': Buffer.from('text') });
  symlinkSync('nowhere', join(good, 'b/broken.jpg'));
  symlinkSync('nowhere', join(bad, 'b/broken.jpg'));
  const alone = await outcome(good, (onEvent) => readDataset(good, { onEvent }));
  for (const roots of [
    [good, bad],
    [bad, good],
  ]) {
    const together = JSON.stringify(await readTogether(roots, good));
    assert.deepEqual(JSON.parse(together.replaceAll(bad, good)), JSON.parse(JSON.stringify(alone)));
  }
});

test('who has a picture is known by its bytes, under whatever name', async (t) => {
  const roots = [
    dataFolder(t, { 'a/1.jpg': 'x', 'b/2.jpg': 'y' }),
    dataFolder(t, { 'a/other.jpg': 'x', 'c/3.jpg': 'z' }),
    join(dataFolder(t, {}), 'not-there'),
  ];
  const inventories = await Promise.all(
    roots.map(async (root, at) => ({ host: `${at}`, inventory: await readInventory(root) })),
  );
  const { dataset, holders } = mergeInventories(inventories, { root: '/data' });
  const held = dataset.samples.map(({ name, path, digest }) => [name, path, holders.get(digest)]);
  assert.deepEqual(held.sort(), [
    ['a/1.jpg', '/data/a/1.jpg', ['0', '1']],
    ['a/other.jpg', '/data/a/other.jpg', ['0', '1']],
    ['b/2.jpg', '/data/b/2.jpg', ['0']],
    ['c/3.jpg', '/data/c/3.jpg', ['1']],
  ]);
});

test('a sample that was drawn is known as one, whichever host has its stamp', async (t) => {
  const one = dataFolder(t, { 'a/1.jpg': 'x', 'b/2.jpg': 'y' });
  const other = dataFolder(t, { 'a/3.jpg': 'z' });
  writeFileSync(join(other, '.whippet-sample.json'), JSON.stringify({ edition: 1, digest: 'd' }));
  const together = await readTogether([one, other], one);
  assert.ok('dataset' in together && (together.dataset as { drawn?: boolean }).drawn);
});
