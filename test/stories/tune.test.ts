import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { drawSample } from '../../src/engine/index.ts';
import { seededRandom } from '../../src/random/index.ts';
import { type Whippet, whippetIn } from './whippet.ts';

interface Told {
  readonly model: string;
  readonly winner: number;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly valid: { readonly aboveChance: boolean };
  readonly trials: readonly { readonly state: string; readonly value?: number; readonly failure?: string }[];
}

describe('whippet tune', () => {
  let whippet: Whippet;
  const ranges = ['--range', 'learning_rate=0.001..0.1:log', '--range', 'batch_size=8,32', '--epochs', '6'];

  before(async () => {
    whippet = await whippetIn('tune');
    await drawSample(join(whippet.home, 'photos'), { picturesPerClass: { train: 10, valid: 4, test: 1 }, size: 96 });
  });
  after(() => rm(whippet.home, { recursive: true }));

  it('finds hyperparameters, and the model is the one that training with them gives', async () => {
    const argv = ['tune', 'photos', ...ranges, '--trials', '9', '--early-stopping', '--seed', '3'];
    const { code, out, err } = await whippet.run([...argv, '--json', '-o', 'tuned']);
    assert.equal(code, 0, err);
    const told = JSON.parse(out) as Told;
    assert.equal(told.trials.length, 9);
    assert.ok(told.valid.aboveChance);
    assert.equal(told.trials[told.winner - 1]?.value, Math.max(...told.trials.map(({ value }) => value ?? 0)));
    assert.match(err, /1 of 9 {2}learning_rate/);

    const { learning_rate: rate = '', batch_size: batch = '' } = told.hyperparameters;
    const train = ['train', 'photos', '--epochs', '6', '--learning-rate', rate, '--batch-size', batch, '--seed', '3'];
    const trained = await whippet.run([...train, '-o', 'trained']);
    assert.equal(trained.code, 0, trained.err);
    for (const file of ['model.onnx', 'whippet.json']) {
      const [a, b] = await Promise.all(['tuned', 'trained'].map((one) => readFile(join(whippet.home, one, file))));
      assert.ok(a?.equals(b!), `${file} differs`);
    }

    const again = await whippet.run([...argv, '--json', '-o', 'again']);
    assert.equal(again.code, 0, again.err);
    assert.deepEqual(timeless((JSON.parse(again.out) as Told).trials), timeless(told.trials));
    const page = await readFile(join(whippet.home, 'again-tuning.html'), 'utf8');
    assert.match(page, new RegExp(`Trial ${told.winner} won`));
    assert.ok(!/(src|href)="http/.test(page));
  });

  it('tolerates trials that fail, and says so when all of them did', async () => {
    // So large a step overflows: the first epoch's loss is no number.
    const wild = [
      '--optimizer',
      'sgd',
      '--schedule',
      'constant',
      '--epochs',
      '2',
      '--batch-size',
      '4',
      '--weight-decay',
      '100',
    ];
    const some = ['tune', 'photos', '--range', 'learning_rate=0.0001,10', '--strategy', 'grid', ...wild, '--json'];
    const { code, out, err } = await whippet.run([...some, '-o', 'some']);
    assert.equal(code, 0, err);
    const { trials, winner } = JSON.parse(out) as Told;
    assert.deepEqual(
      trials.map(({ state }) => state),
      ['finished', 'failed'],
    );
    assert.equal(winner, 1);

    const all = ['tune', 'photos', '--range', 'learning_rate=9,10', '--strategy', 'grid', ...wild, '-o', 'none'];
    const failed = await whippet.run(all);
    assert.equal(failed.code, 1);
    assert.match(failed.err, /All 2 trials failed.*The first one/s);
    assert.ok(!existsSync(join(whippet.home, 'none')));
  });

  it('never lets a model at chance win, and leaves the model that is there', async () => {
    await mislabelled(join(whippet.home, 'photos'), join(whippet.home, 'noise'));
    const before = await readFile(join(whippet.home, 'tuned', 'model.onnx'));
    const { code, err } = await whippet.run([
      'tune',
      'noise',
      ...ranges,
      '--trials',
      '4',
      '-o',
      'tuned',
      '--backbone',
      'scatter',
    ]);
    assert.equal(code, 1, err);
    assert.match(err, /No trial is above chance\. The best of 4 is right on/);
    assert.deepEqual(await readFile(join(whippet.home, 'tuned', 'model.onnx')), before);
    assert.match(await readFile(join(whippet.home, 'tuned-tuning.html'), 'utf8'), /No trial won/);
  });

  it('refuses what cannot be searched before it reads a picture', async () => {
    const refused: [string[], number, RegExp][] = [
      [
        [],
        2,
        /No --range is given.*\n.*whippet tune photos\/ --range learning_rate=0\.0005\.\.0\.05:log --range batch_size=32,64,128\./,
      ],
      [
        ['--range', 'learning_rate=0.1..0.2', '--strategy', 'grid'],
        2,
        /cannot be searched\. .* a grid is made of categorical parameters\.\n/,
      ],
      [['--range', 'epochs=1,2', '--epochs', '3'], 2, /epochs is given a fixed value as well/],
      [['--range', 'epochs=1,2', '--objective', 'test:accuracy'], 2, /The test split stays closed/],
      [['--range', 'epochs=1,2', '--parallel', '11'], 2, /from 1 to 10/],
    ];
    for (const [argv, code, message] of refused) {
      const done = await whippet.run(['tune', 'nowhere', ...argv]);
      assert.equal(done.code, code, done.err);
      assert.match(done.err, message);
    }
  });
});

/** Trials without what the clock says of them. */
function timeless(trials: Told['trials']): object[] {
  return trials.map((trial) => ({ ...trial, seconds: 0 }));
}

/** The pictures of each split dealt out among its classes at random. */
async function mislabelled(from: string, to: string): Promise<void> {
  const random = seededRandom('noise');
  await rename(from, to);
  for (const split of ['train', 'valid', 'test']) {
    const folder = join(to, split);
    const classes = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const pictures: string[] = [];
    for (const { name } of classes) {
      for (const file of await readdir(join(folder, name))) pictures.push(join(name, file));
    }
    for (const [i, picture] of random.shuffle(pictures).entries()) {
      const target = join(folder, classes[i % classes.length]!.name);
      await mkdir(target, { recursive: true });
      await rename(join(folder, picture), join(target, `dealt-${i}.jpg`));
    }
  }
}
