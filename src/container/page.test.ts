import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { hyperparameters } from '../engine/index.ts';
import { isWhippetError } from '../errors/index.ts';
import { readContainerEnvironment } from './environment.ts';
import { defaultPort } from './peers/options.ts';
import { serveDefaults } from './serve/options.ts';
import { readHyperparameters } from './train/hyperparameters.ts';
import { failureText } from './train/outputs.ts';
import { readTrainingRequest } from './train/request.ts';

const page = await readFile(new URL('../../docs/container.md', import.meta.url), 'utf8');

/** First and second column of the table in the section of this title. */
function rowsOf(title: string): Map<string, string> {
  const section = page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| (`[^|]+) \| ([^|]*)/gm)];
  return new Map(
    rows.flatMap(([, names = '', second = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, second.trim()] as const),
    ),
  );
}

/** What somebody asks a record for, and lists of it. */
function listening(values: Record<string, string>): { values: Record<string, string>; asked: Set<string> } {
  const asked = new Set<string>();
  const get = (target: Record<string, string>, name: string | symbol): unknown => {
    if (typeof name === 'string') asked.add(name);
    return Reflect.get(target, name);
  };
  return { values: new Proxy(values, { get }), asked };
}

describe('docs/container.md', () => {
  it('has the variables that the container reads, and no others', async () => {
    const root = await mkdtemp(join(tmpdir(), 'whippet-page-'));
    try {
      const own = listening({});
      const environment = readContainerEnvironment(own.values);
      const toolkit = listening({});
      await readTrainingRequest(root, { ...environment, toolkit: toolkit.values });
      const read = [...own.asked, ...[...toolkit.asked].map((name) => `SM_${name}`)];
      const told = [...rowsOf('Variables').keys()];
      // The name of a channel is a part of its variable's.
      assert.ok(told.includes('SM_CHANNEL_NAME'));
      assert.deepEqual(told.filter((name) => name !== 'SM_CHANNEL_NAME').sort(), read.sort());
      const { channels } = await readTrainingRequest(root, { ...environment, toolkit: { CHANNEL_PETS: '/p' } });
      assert.deepEqual([...channels], [['pets', '/p']]);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it('has the hyperparameters that the container takes beside those of the head, with their defaults', () => {
    const rows = rowsOf('Hyperparameters');
    const known = knownHyperparameters();
    const { hidden: _, ...others } = hyperparameters;
    assert.deepEqual(
      [...rows.keys()].sort(),
      [...known.filter((name) => !(name in others) && name !== 'hidden'), 'head'].sort(),
    );
    assert.deepEqual(readHyperparameters({ head: '4' }).head, { hidden: '4' });
    const { seed, audit, pictures, strict, allowLeakage, evaluateTest } = readHyperparameters({});
    const told = ['seed', 'audit', 'pictures', 'strict', 'allow_leakage', 'evaluate_test'].map((name) =>
      rows.get(name),
    );
    assert.deepEqual(told, [seed, audit, pictures, strict, allowLeakage, evaluateTest].map(String));
    assert.equal(rows.get('head'), String(hyperparameters.hidden.default));
  });

  it('has the numbers that the container has', () => {
    assert.ok(page.includes(`on port ${defaultPort}`));
    const rows = rowsOf('Variables');
    assert.ok(rows.get('SAGEMAKER_MODEL_SERVER_TIMEOUT')?.endsWith(`default ${serveDefaults.requestTimeoutMs / 1000}`));
    const megabytes = serveDefaults.maxBodyBytes / 1024 ** 2;
    assert.ok(rows.get('SAGEMAKER_MAX_PAYLOAD_IN_MB')?.includes(`default ${megabytes}, `));
    const { length } = failureText(new Error('x'.repeat(5000)));
    assert.ok(
      rowsOf('What it reads and writes')
        .get('output/failure')
        ?.includes(`${length.toLocaleString('en')} char`),
    );
  });
});

/** As the error says that names them all. */
function knownHyperparameters(): string[] {
  try {
    readHyperparameters({ nonsense: '1' });
  } catch (error) {
    if (isWhippetError(error)) return /There are: (.*)\.$/.exec(error.remedy)?.[1]?.split(', ') ?? [];
    throw error;
  }
  return [];
}
