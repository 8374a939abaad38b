import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isWhippetError } from '../../../errors/index.ts';
import type { EngineEvent } from '../../events.ts';
import { readDataset } from '../read.ts';
import { breeds } from './breeds.ts';
import { className, type DrawnSample, drawSample } from './sample.ts';
import { isDrawnSample } from './stamp.ts';

const few = { seed: 3, size: 48, picturesPerClass: { train: 2, valid: 1, test: 1 } };
const fewest = { ...few, picturesPerClass: { train: 1, valid: 0, test: 0 } };

describe('drawSample', () => {
  let home: string;
  let directory: string;
  let drawn: DrawnSample;
  const events: EngineEvent[] = [];

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-sample-'));
    directory = join(home, 'deep', 'sample');
    drawn = await drawSample(directory, { ...few, onEvent: (event) => events.push(event) });
  });
  after(() => rm(home, { recursive: true, force: true }));

  function refuses(code: string, pattern: RegExp): (error: unknown) => boolean {
    return (error) => isWhippetError(error) && error.code === code && pattern.test(error.message);
  }

  test('a data set of twelve breeds in three splits, as asked for', async () => {
    assert.equal(drawn.directory, directory);
    assert.equal(drawn.pictures, 48);
    assert.equal(drawn.reused, false);
    assert.deepEqual(drawn.classes, breeds.map(className));
    const dataset = await readDataset(directory);
    assert.equal(dataset.layout, 'splits');
    assert.deepEqual(dataset.classes, drawn.classes);
    assert.deepEqual(dataset.refused, []);
    for (const [label, breed] of drawn.classes.entries()) {
      const own = dataset.samples.filter((sample) => sample.label === label);
      assert.deepEqual(own.map(({ split }) => split).sort(), ['test', 'train', 'train', 'valid'], breed);
    }
    assert.equal(new Set(dataset.samples.map(({ digest }) => digest)).size, 48, 'no picture twice');
    const jpeg = await readFile(join(directory, 'train', 'Harbour_Spaniel', 'Harbour_Spaniel_00002.jpg'));
    assert.deepEqual([...jpeg.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  });

  test('progress counts every picture once', () => {
    assert.deepEqual(
      events.map((event) => event.type === 'progress' && [event.stage, event.done, event.total]),
      Array.from({ length: 48 }, (_, i) => ['draw', i + 1, 48]),
    );
  });

  test('the same seed gives the same bytes, another seed other ones', async () => {
    const again = await drawSample(join(home, 'again'), few);
    assert.equal(again.digest, drawn.digest);
    const name = join('test', 'Peat_Mastiff', 'Peat_Mastiff_00001.jpg');
    assert.deepEqual(await readFile(join(home, 'again', name)), await readFile(join(directory, name)));
    const other = await drawSample(join(home, 'other'), { ...fewest, seed: 4 });
    const first = join('train', 'Peat_Mastiff', 'Peat_Mastiff_00001.jpg');
    assert.notDeepEqual(await readFile(join(other.directory, first)), await readFile(join(directory, first)));
  });

  test('more pictures leave the first ones as they were', async () => {
    const more = join(home, 'more');
    await drawSample(more, { ...few, picturesPerClass: { train: 1, valid: 2, test: 0 } });
    const name = join('valid', 'Cinder_Spitz', 'Cinder_Spitz_00001.jpg');
    assert.deepEqual(await readFile(join(more, name)), await readFile(join(directory, name)));
  });

  test('the same sample is reused and not drawn again', async () => {
    const seen: EngineEvent[] = [];
    const again = await drawSample(directory, { ...few, onEvent: (event) => seen.push(event) });
    assert.deepEqual(again, { ...drawn, reused: true });
    assert.deepEqual(seen, []);
  });

  test('an empty directory is filled, and is known as a drawn sample then', async () => {
    const empty = join(home, 'empty');
    await mkdir(empty);
    assert.equal(await isDrawnSample(empty), false);
    await drawSample(empty, fewest);
    assert.equal(await isDrawnSample(empty), true);
    assert.equal((await readdir(empty)).includes('test'), false);
  });

  test('anything else in the directory is left alone, with an error that names it', async () => {
    const taken = join(home, 'taken');
    await mkdir(taken);
    await writeFile(join(taken, 'thesis.txt'), 'precious');
    await assert.rejects(
      drawSample(taken, few),
      refuses('WHIPPET_DATASET_SAMPLE_EXISTS', /taken is not empty.*thesis\.txt/),
    );
    assert.deepEqual(await readdir(taken), ['thesis.txt']);
    await assert.rejects(
      drawSample(join(taken, 'thesis.txt'), few),
      refuses('WHIPPET_DATASET_SAMPLE_EXISTS', /no directory/),
    );
    await assert.rejects(
      drawSample(directory, { ...few, seed: 9 }),
      refuses('WHIPPET_DATASET_SAMPLE_EXISTS', /another sample/),
    );
  });

  test('a sample that lost pictures is not taken for whole', async () => {
    const torn = join(home, 'torn');
    await drawSample(torn, fewest);
    await rm(join(torn, 'train', 'Fenland_Corgi', 'Fenland_Corgi_00001.jpg'));
    await assert.rejects(
      drawSample(torn, fewest),
      refuses('WHIPPET_DATASET_SAMPLE_EXISTS', /without 1 of its pictures/),
    );
  });

  test('stopped in the middle, it leaves nothing behind', async () => {
    const room = join(home, 'room');
    const controller = new AbortController();
    const stopped = drawSample(join(room, 'sample'), {
      ...few,
      signal: controller.signal,
      onEvent: () => controller.abort(new Error('enough')),
    });
    await assert.rejects(stopped, /enough/);
    assert.deepEqual(await readdir(room), []);
  });

  test('options out of range are refused before anything is written', async () => {
    const never = join(home, 'never');
    for (const wrong of [
      { seed: -1 },
      { seed: 1.5 },
      { size: 8 },
      { picturesPerClass: { train: 0, valid: 1, test: 1 } },
    ]) {
      await assert.rejects(
        drawSample(never, { ...few, ...wrong }),
        refuses('WHIPPET_DATASET_SAMPLE_OPTION', /has to be a whole number/),
      );
    }
    assert.equal((await readdir(home)).includes('never'), false);
  });
});
