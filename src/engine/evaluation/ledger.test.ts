import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { countOpenings, openTestSplit } from './ledger.ts';

const root = await mkdtemp(join(tmpdir(), 'whippet-ledger-'));
after(() => rm(root, { recursive: true, force: true }));
const by = { model: 'm1', at: new Date('2026-01-02T03:04:05Z') };

test('openings are counted per split, whatever the model', async () => {
  const directory = join(root, 'counted', 'below');
  assert.equal(await countOpenings(directory, 'a'), 0);
  assert.equal(await openTestSplit(directory, 'a', by), 1);
  assert.equal(await openTestSplit(directory, 'b', by), 1);
  assert.equal(await openTestSplit(directory, 'a', { ...by, model: 'm2' }), 2);
  assert.equal(await countOpenings(directory, 'a'), 2);
  const [line] = (await readFile(join(directory, 'test-openings.jsonl'), 'utf8')).split('\n');
  const { id, ...opening } = JSON.parse(line!);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.deepEqual(opening, { split: 'a', model: 'm1', at: '2026-01-02T03:04:05.000Z' });
});

test('a line torn by a crash costs no count and no later opening', async () => {
  const directory = join(root, 'torn');
  await openTestSplit(directory, 'a', by);
  await appendFile(join(directory, 'test-openings.jsonl'), '{"id":"torn","split":"a","mo');
  assert.equal(await openTestSplit(directory, 'a', by), 2);
  assert.equal(await openTestSplit(directory, 'a', by), 3);
  assert.equal(await countOpenings(directory, 'a'), 3);
});

test('lines of another kind are passed over', async () => {
  const directory = join(root, 'foreign');
  await openTestSplit(directory, 'a', by);
  await appendFile(join(directory, 'test-openings.jsonl'), 'null\n[]\n"a"\n{"split":"a"}\n');
  assert.equal(await openTestSplit(directory, 'a', by), 2);
});

test('processes that open at the same time each get a count of their own', async () => {
  const directory = join(root, 'together');
  const script = `
    import { openTestSplit } from ${JSON.stringify(new URL('ledger.ts', import.meta.url).href)};
    const counts = [];
    for (let i = 0; i < 10; i++) counts.push(await openTestSplit(${JSON.stringify(directory)}, 's', { model: 'm', at: new Date(0) }));
    console.log(JSON.stringify(counts));`;
  const outputs = await Promise.all(
    [1, 2, 3].map(async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
      return JSON.parse(text) as number[];
    }),
  );
  const counts = outputs.flat().sort((a, b) => a - b);
  assert.deepEqual(
    counts,
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
});
