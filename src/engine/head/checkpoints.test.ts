import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TrainingRecord } from '../../rules/records.ts';
import { decodeCheckpoint, encodeCheckpoint, type TrainingState } from './checkpoint-file.ts';
import { openCheckpoints } from './checkpoints.ts';
import type { TrainedHead } from './head.ts';
import { defaultHeadOptions, type HeadOptions } from './hyperparameters.ts';
import type { HeadData } from './preparation.ts';
import { clouds } from './testing/clouds.ts';
import { trainHeadInWorker } from './testing/in-worker.ts';
import { trainHead } from './training.ts';

const data = clouds([20, 20, 7]);
const common = { ...defaultHeadOptions, seed: 1, threads: 1, batch_size: 16, epochs: 12, patience: 0 };
let home: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'whippet-checkpoints-'));
});
after(() => rm(home, { recursive: true }));

interface Told {
  readonly trained: TrainedHead;
  readonly resumedAt: number | undefined;
  readonly written: readonly number[];
  readonly epochs: readonly number[];
  readonly records: readonly TrainingRecord[];
  readonly warnings: readonly string[];
}

interface RunOptions extends Partial<HeadOptions> {
  readonly seed?: number;
  /** Aborts after this epoch. */
  readonly until?: number;
  readonly everySeconds?: number;
  readonly pictures?: HeadData;
  readonly inWorker?: boolean;
}

async function run(directory: string, options: RunOptions = {}): Promise<Told> {
  const { until, everySeconds = 0, pictures = data, inWorker = false, ...head } = options;
  const [written, epochs, records, warnings]: [number[], number[], TrainingRecord[], string[]] = [[], [], [], []];
  const controller = new AbortController();
  let resumedAt: number | undefined;
  const trained = await (inWorker ? trainHeadInWorker : trainHead)(pictures, {
    ...{ ...common, ...head, signal: controller.signal },
    onEpoch: ({ epoch }) => {
      epochs.push(epoch);
      if (epoch === until) controller.abort();
    },
    record: { onRecord: (record) => records.push(record) },
    checkpoints: {
      ...{ directory, everySeconds },
      onCheckpoint: ({ epoch }) => written.push(epoch),
      onResume: ({ epoch }) => {
        resumedAt = epoch;
      },
    },
    onWarning: ({ code }) => warnings.push(code),
  });
  return { trained, resumedAt, written, epochs, records, warnings };
}

for (const hidden of [0, 16]) {
  test(`with ${hidden} hidden units a training that was aborted goes on to the same bytes, after any epoch`, async () => {
    const whole = await trainHead(data, { ...common, hidden });
    for (const until of [1, 5, 11]) {
      const directory = join(home, `abort-${hidden}-${until}`);
      const first = await run(directory, { hidden, until, everySeconds: 1e6 });
      assert.equal(first.trained.stopped, 'interrupted');
      assert.deepEqual(first.written, [until]);
      const second = await run(directory, { hidden });
      assert.deepEqual(second.trained, whole);
      assert.equal(second.resumedAt, until);
      assert.deepEqual(second.epochs, [...Array(12).keys()].map((i) => i + 1).slice(until));
      const [record] = second.records;
      assert.ok(record?.kind === 'step' && record.step === 3 * until && record.epoch === until + 1);
    }
  });
}

test('in a worker and aborted again and again, it comes to the same bytes', async () => {
  const options = { epochs: 300, schedule: 'constant', optimizer: 'sgd', learning_rate: 0.003 } as const;
  const whole = await trainHead(data, { ...common, ...options });
  const directory = join(home, 'worker');
  let last: Told | undefined;
  for (const until of [1, 40, 90, undefined]) {
    last = await run(directory, { ...options, inWorker: true, everySeconds: 1e6, ...(until && { until }) });
  }
  assert.deepEqual(last?.trained, whole);
  assert.ok((last?.resumedAt ?? 0) >= 90);
});

test('patience is kept over an interruption', async () => {
  const options = { schedule: 'constant', learning_rate: 0.5, weight_decay: 0, epochs: 200, patience: 3 } as const;
  const noisy = clouds([10, 10, 10], { spread: 3 });
  const whole = await trainHead(noisy, { ...common, ...options });
  assert.equal(whole.stopped, 'early-stopping');
  for (const until of [whole.epochs.length - 1, whole.epochs.length]) {
    const directory = join(home, `patience-${until}`);
    const first = await run(directory, { ...options, pictures: noisy, until });
    assert.equal(first.trained.stopped, 'interrupted');
    assert.deepEqual((await run(directory, { ...options, pictures: noisy })).trained, whole);
  }
});

test('a process that is killed at any epoch loses no more than the epoch at work', async () => {
  const options = { ...common, epochs: 100 };
  const whole = await trainHead(data, options);
  const directory = join(home, 'killed');
  const program = fileURLToPath(new URL('testing/train-and-tell.ts', import.meta.url));
  let reached = 0;
  for (const more of [1, 7, 20]) {
    const child = spawn(process.execPath, [program, directory, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      if (reached === 0 || told > 0) assert.equal(Number(line), (told || reached) + 1);
      else assert.ok(Number(line) > reached, `${line} after ${reached}`);
      told = Number(line);
      if (told >= reached + more) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL');
    reached = told;
  }
  const { trained, resumedAt } = await run(directory, { epochs: 100, everySeconds: 1e6 });
  assert.ok(resumedAt! >= reached);
  assert.deepEqual(trained, whole);
});

test('the last two are kept, and what is damaged is left alone with a warning', async () => {
  const directory = join(home, 'damaged');
  const whole = await trainHead(data, common);
  await run(directory, { until: 6 });
  const names = (await readdir(directory)).sort();
  assert.deepEqual(
    names.map((name) => name.replace(/-[0-9a-f]{16}-/, '-')),
    ['head-00005.checkpoint', 'head-00006.checkpoint'],
  );
  const [older = '', newer = ''] = names.map((name) => join(directory, name));
  const bytes = await readFile(newer);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(newer, bytes);
  await copyFile(older, `${home}/older`);
  const fallback = await run(directory);
  assert.equal(fallback.resumedAt, 5);
  assert.deepEqual(fallback.warnings, ['checkpoint-ignored']);
  assert.deepEqual(fallback.trained, whole);

  await rm(directory, { recursive: true });
  await mkdir(directory);
  await copyFile(`${home}/older`, older);
  await truncate(older, 100);
  await writeFile(newer, '');
  const anew = await run(directory, { everySeconds: 1e6 });
  assert.equal(anew.resumedAt, undefined);
  assert.deepEqual(anew.warnings, ['checkpoint-ignored', 'checkpoint-ignored']);
  assert.deepEqual(anew.trained, whole);
  assert.deepEqual((await readdir(directory)).sort(), names);
});

test('another training finds its own checkpoint, or starts anew and leaves it alone', async () => {
  const directory = join(home, 'shared');
  await run(directory, { until: 4 });
  const names = await readdir(directory);
  const moved = { ...data, train: { ...data.train, data: data.train.data.map((one, i) => (i === 7 ? one + 1 : one)) } };
  const others: RunOptions[] = [{ seed: 2 }, { epochs: 13 }, { learning_rate: 0.0021 }, { pictures: moved }];
  for (const options of others) {
    const { resumedAt, warnings, trained } = await run(directory, { ...options, everySeconds: 1e6 });
    assert.deepEqual([resumedAt, warnings], [undefined, ['checkpoint-ignored']], JSON.stringify(Object.keys(options)));
    assert.equal(trained.stopped, 'completed');
  }
  await run(directory, { seed: 2, until: 2 });
  assert.equal((await readdir(directory)).filter((name) => names.includes(name)).length, 2);
  assert.equal((await run(directory, { seed: 2, everySeconds: 1e6 })).resumedAt, 2);
  assert.equal((await run(directory, { everySeconds: 1e6 })).resumedAt, 4);
});

test('where no checkpoint can be written, training says so and goes on', async () => {
  const file = join(home, 'a-file');
  await writeFile(file, '');
  const { trained, warnings, written } = await run(join(file, 'below'));
  assert.equal(trained.stopped, 'completed');
  assert.deepEqual(written, []);
  assert.deepEqual(new Set(warnings), new Set(['checkpoint-failed']));
});

test('a checkpoint is due when its time has come', () => {
  let now = 5000;
  const surroundings = { belongsTo: 'a'.repeat(64), now: () => now, onWarning: assert.fail };
  const checkpoints = openCheckpoints({ directory: join(home, 'due'), everySeconds: 30 }, surroundings);
  assert.equal(checkpoints.isDue(), false);
  now += 30_000;
  assert.equal(checkpoints.isDue(), true);
  assert.ok(checkpoints.save(state));
  assert.equal(checkpoints.isDue(), false);
});

test('what a killed process left unfinished is cleared away, and nothing of others', async () => {
  const directory = join(home, 'unfinished');
  const surroundings = { belongsTo: 'b'.repeat(64), now: () => 0, onWarning: assert.fail };
  const checkpoints = openCheckpoints({ directory, everySeconds: 0 }, surroundings);
  await mkdir(directory);
  const left = ['b', 'c'].map((digit) => `head-${digit.repeat(16)}-00003.checkpoint.part`);
  for (const name of [...left, 'notes.txt']) await writeFile(join(directory, name), '');
  assert.equal(checkpoints.latest(), undefined);
  const path = checkpoints.save(state);
  assert.equal(path, join(directory, `head-${'b'.repeat(16)}-00001.checkpoint`));
  assert.deepEqual((await readdir(directory)).sort(), [path.slice(directory.length + 1), left[1], 'notes.txt'].sort());
});

const state: TrainingState = {
  epochs: [
    {
      ...{ epoch: 1, learningRate: 0.1, trainLoss: 1 / 3, validLoss: Math.PI, calibratedLoss: 0.1 + 0.2 },
      ...{ validAccuracy: 0.1, gradientNorm: 1e-300 },
    },
  ],
  best: { epoch: 1, loss: 0.1 + 0.2, parameters: { weight0: { dims: [2, 1], data: Float32Array.of(1, -0) } } },
  snapshot: { epoch: 1, step: 3, state: { weight0: { dims: [], data: Float32Array.of(1e-45) } } },
};

test('a checkpoint is read as it was written, and no other bytes are', () => {
  const file = encodeCheckpoint(state, 'digest');
  assert.deepEqual(decodeCheckpoint(file), { ...state, belongsTo: 'digest' });
  for (let at = 0; at < file.length; at += 7) {
    const other = Buffer.from(file);
    other[at]! ^= 0x10;
    assert.ok('damage' in decodeCheckpoint(other), `byte ${at}`);
    assert.ok('damage' in decodeCheckpoint(file.subarray(0, at)), `${at} bytes`);
  }
});

test('from outside training is stopped as what the reason says, and only an interruption leaves a checkpoint', async () => {
  for (const [reason, stopped] of [
    ['rule', 'rule'],
    ['tuning', 'tuning'],
    ['whim', 'interrupted'],
  ] as const) {
    for (const train of [trainHead, trainHeadInWorker]) {
      const controller = new AbortController();
      const directory = join(home, `stopped-${reason}-${train.name}`);
      const trained = await train(data, {
        ...{ ...common, epochs: 10_000, stop: controller.signal },
        onEpoch: ({ epoch }) => epoch === 3 && controller.abort(reason),
        checkpoints: { directory, everySeconds: 1e6 },
      });
      assert.equal(trained.stopped, stopped);
      assert.ok(trained.epochs.length >= 3 && trained.epochs.length < 10_000);
      assert.equal(existsSync(directory), stopped === 'interrupted');
    }
  }
});
