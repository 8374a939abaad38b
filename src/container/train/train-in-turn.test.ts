import assert from 'node:assert/strict';
import { existsSync, openSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { drawSample } from '../../engine/index.ts';
import { readContainerEnvironment } from '../environment.ts';
import type { ContainerTraining } from './container-training.ts';
import { trainInContainer } from './train-in-container.ts';
import { trainInTurn } from './train-in-turn.ts';

const trial = { backbone: 'scatter', epochs: '3', _tuning_objective_metric: 'validation:loss' };

describe('one training job after another', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-turns-'));
  });
  after(() => rm(home, { recursive: true }));

  let turns = 0;
  /** A process of which nothing is left but its orders. */
  async function openTurns({ ownCache = false } = {}) {
    const folder = join(home, `process-${++turns}`);
    const cache = join(ownCache ? folder : home, 'cache');
    const photos = join(folder, 'photos');
    await drawSample(photos, { picturesPerClass: { train: 6, valid: 2, test: 1 }, size: 48 });
    await symlink(photos, join(folder, 'channel'));
    const eventsFd = openSync(join(folder, 'events'), 'w');
    const lines: string[] = [];
    const variables = { WHIPPET_OFFLINE: '1', WHIPPET_CACHE: cache, WHIPPET_THREADS: '1' };
    const writeInput = async (path: string, hyperparameters: object): Promise<void> => {
      await mkdir(join(path, 'config'), { recursive: true });
      await mkdir(join(path, 'data'));
      await writeFile(join(path, 'config/hyperparameters.json'), JSON.stringify(hyperparameters));
      await symlink(join(folder, 'channel'), join(path, 'data/training'));
    };
    const listeners = new Set<() => void>();
    const training = (root: string, more: Record<string, string> = {}): ContainerTraining => ({
      ...{ root, cores: 1, cacheDirectory: cache, proxy: {}, now: Date.now },
      environment: readContainerEnvironment({ ...variables, ...more }),
      signal: new AbortController().signal,
      log(line) {
        lines.push(line);
        for (const listener of listeners) listener();
      },
      logError: (line) => void lines.push(line),
      elapsed: () => performance.now(),
    });
    const said = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => void (lines.some((line) => line.includes(text)) && resolve());
        listeners.add(look);
        look();
      });
    const orders = new PassThrough();
    const order = (value: object): void => void orders.write(`${JSON.stringify(value)}\n`);
    const next = async (name: string, hyperparameters: object): Promise<string> => {
      const [root, input] = [join(folder, name), join(folder, `${name}-input`)];
      await writeInput(input, hyperparameters);
      order({ type: 'train', root, input, variables });
      return root;
    };
    const codes = async (): Promise<number[]> =>
      (await readFile(join(folder, 'events'), 'utf8'))
        .split('\n')
        // The last is still being written, or empty.
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { type: string; code: number })
        .flatMap(({ type, code }) => (type === 'ended' ? [code] : []));
    const ended = async (count: number): Promise<number[]> => {
      for (;;) {
        const found = await codes();
        if (found.length >= count) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    return {
      ...{ folder, cache, photos, lines, orders, order, next, writeInput, training, said, ended },
      async begin(hyperparameters: object) {
        const root = join(folder, 'first');
        await writeInput(join(root, 'input'), hyperparameters);
        const lineReader = createInterface({ input: orders });
        return trainInTurn(training(root, { WHIPPET_EVENTS_FD: `${eventsFd}` }), lineReader);
      },
    };
  }

  it('gives the models that a process of its own gives, from pictures that it reads once', async () => {
    const turn = await openTurns({ ownCache: true });
    const alone = join(turn.folder, 'alone');
    await turn.writeInput(join(alone, 'input'), { ...trial, learning_rate: '0.02' });
    assert.equal(await trainInContainer(turn.training(alone)), 0, turn.lines.at(-1));

    const all = turn.begin(trial);
    assert.deepEqual(await turn.ended(1), [0], turn.lines.join('\n'));
    // What is in memory needs neither pictures nor features.
    await rm(turn.photos, { recursive: true });
    await mkdir(join(turn.photos, 'train', 'nothing'), { recursive: true });
    await rm(turn.cache, { recursive: true });
    const second = await turn.next('second', { ...trial, learning_rate: '0.02' });
    assert.deepEqual(await turn.ended(2), [0, 0], turn.lines.join('\n'));
    for (const name of ['model.onnx', 'novelty.bin', 'training-index.bin', 'whippet.json']) {
      const [one, other] = await Promise.all([alone, second].map((root) => readFile(join(root, 'model', name))));
      assert.ok(one?.equals(other as Buffer), name);
    }
    const told = turn.lines.filter((line) => line.startsWith('Data: '));
    assert.equal(new Set(told).size, 1, 'the log of a later job is that of the first');
    assert.equal(told.length, 3);
    assert.ok(!existsSync(join(turn.folder, 'first')), 'what the first job left has been taken');

    // Another seed draws other crops: nothing of the first is of use.
    const third = await turn.next('third', { ...trial, views: '2', seed: '5' });
    assert.deepEqual(await turn.ended(3), [0, 0, 1]);
    assert.match(await readFile(join(third, 'output/failure'), 'utf8'), /^WHIPPET_/);
    turn.orders.end();
    assert.equal(await all, 1);
  });

  it('ends the job at work when it is told to stop, and goes on with the next', async () => {
    const turn = await openTurns();
    const all = turn.begin({ ...trial, epochs: '5000' });
    await turn.said('epoch=2 ');
    turn.order({ type: 'stop' });
    assert.deepEqual(await turn.ended(1), [0]);
    assert.ok(turn.lines.some((line) => /^Stopped after epoch \d+; the best so far is saved/.test(line)));
    assert.ok(existsSync(join(turn.folder, 'first/model/model.onnx')));
    // A stop that comes too late is nobody's.
    turn.order({ type: 'stop' });
    turn.orders.write('no order\n{"type":"train","root":7}\n');
    await turn.next('second', trial);
    assert.deepEqual(await turn.ended(2), [0, 0]);
    assert.equal(turn.lines.filter((line) => line.startsWith('This order cannot be read')).length, 2);
    assert.ok(turn.lines.some((line) => line.startsWith('epoch=3 ')));
    turn.orders.end();
    assert.equal(await all, 0);
  });

  it('goes on after a job that failed', async () => {
    const turn = await openTurns();
    const all = turn.begin({ ...trial, epochs: 'many' });
    assert.deepEqual(await turn.ended(1), [1]);
    const second = await turn.next('second', trial);
    assert.deepEqual(await turn.ended(2), [1, 0], turn.lines.join('\n'));
    await cp(join(second, 'model'), join(turn.folder, 'kept'), { recursive: true });
    turn.orders.end();
    assert.equal(await all, 0);
  });
});
