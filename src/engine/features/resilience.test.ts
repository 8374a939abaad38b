import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EngineEvent } from '../events.ts';
import { extractFeatures } from './extract.ts';
import { drawPictures, expectedFeatures, optionsIn, rowOf, sampleOf, temporaryDirectory } from './testing/fixture.ts';

const script = fileURLToPath(new URL('./testing/run-extraction.ts', import.meta.url));
const nasty = fileURLToPath(new URL('../../../../shared/data/nasty', import.meta.url));
const noProc = existsSync('/proc/self/task') ? false : 'needs /proc';

/** Process ids of the children of a process. */
function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  const lists = readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'children'), 'utf8'));
  return lists.join(' ').split(/\s+/).filter(Boolean).map(Number);
}

/** Starts an extraction and resolves when it has told `done` pictures, or more. */
async function startExtraction(directory: string, pictures: number, done: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, directory, String(pictures)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout! })) if (Number(line) >= done) return child;
  throw new Error('the extraction ended early');
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('killed and killed again, it continues: the features are the same bits as of a run left alone', async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 400);
  await killed(await startExtraction(directory, 400, 1));
  await killed(await startExtraction(directory, 400, 100));
  const resumed = await extractFeatures(samples, optionsIn(directory));
  assert.ok(resumed.cached >= 100 && resumed.computed > 0, `${resumed.cached} cached, ${resumed.computed} computed`);
  assert.equal(resumed.cached + resumed.computed, 400);
  const cacheDirectory = join(directory, 'another cache');
  const whole = await extractFeatures(samples, optionsIn(directory, { workers: 2, cacheDirectory }));
  assert.equal(whole.cached, 0);
  assert.deepEqual(resumed.features, whole.features);
  assert.deepEqual(resumed.facts, whole.facts);
});

test('workers go with their parent', { skip: noProc, timeout: 60_000 }, async (context) => {
  const directory = temporaryDirectory(context);
  drawPictures(directory, 200);
  const child = await startExtraction(directory, 200, 1);
  const workers = childrenOf(child.pid!);
  assert.equal(workers.length, 2);
  await killed(child);
  while (workers.some((pid) => existsSync(`/proc/${pid}`))) await new Promise(setImmediate);
});

test('a worker that is killed is replaced, and nothing is lost', { skip: noProc }, async (context) => {
  const directory = temporaryDirectory(context);
  const samples = drawPictures(directory, 300);
  let kills = 0;
  const onEvent = (event: EngineEvent): void => {
    if (event.type !== 'progress' || event.done === 0 || kills > 0) return;
    for (const worker of childrenOf(process.pid)) {
      process.kill(worker, 'SIGKILL');
      kills++;
    }
  };
  const extracted = await extractFeatures(samples, optionsIn(directory, { workers: 2, onEvent }));
  assert.equal(kills, 2);
  assert.deepEqual(extracted.refused, []);
  assert.equal(extracted.computed, 300);
  samples.forEach((_, seed) => {
    assert.deepEqual(rowOf(extracted.features, seed), [...expectedFeatures(seed)]);
  });
});

test('files that break decoders are refused or used, and take no neighbour with them', {
  skip: existsSync(nasty) ? false : `no pictures at ${nasty}`,
}, async (context) => {
  const directory = temporaryDirectory(context);
  const files = readdirSync(nasty).filter((name) => name !== 'MANIFEST.tsv');
  const samples = files.map((name) => sampleOf(nasty, name));
  const { refused, samples: used, features } = await extractFeatures(samples, optionsIn(directory));
  assert.equal(used.length + refused.length, files.length);
  assert.ok(refused.every(({ code }) => code.startsWith('WHIPPET_IMAGE_')));
  assert.ok(refused.some(({ sample }) => sample.name === 'bomb-65536x65536.png'));
  assert.ok(used.some(({ name }) => name === 'crash-test.gif'));
  assert.ok(features.data.every(Number.isFinite));
});
