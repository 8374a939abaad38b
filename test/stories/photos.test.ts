/** A user with real photos: the commands of the README, on a small backbone so that it takes seconds. */
import assert from 'node:assert/strict';
import { appendFile, copyFile, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { shared, type Whippet, whippetIn } from './whippet.ts';

const backbone = shared('weights', 'mobilenet_v1_0.25_128-imagenet1k-deq.onnx');
const flowers = shared('flowers');
const nasty = shared('nasty');
const species = ['rose', 'petunia', 'clematis', 'azalea'];

interface TrainJson {
  readonly digest: string;
  readonly valid: { readonly top1: { readonly value: number }; readonly aboveChance: boolean };
  readonly refused: readonly { readonly name: string; readonly code: string }[];
  readonly secondsByStage: Record<string, number>;
}

describe('from photos to a model', { skip: backbone.skip || flowers.skip || nasty.skip }, () => {
  let whippet: Whippet;
  let rose: string;
  const train = async (photos: string, ...flags: string[]): Promise<TrainJson> => {
    const { code, out, err } = await whippet.run([
      'train',
      photos,
      '--backbone',
      `onnx:${backbone.path}`,
      '--json',
      ...flags,
    ]);
    assert.equal(code, 0, err);
    return JSON.parse(out) as TrainJson;
  };

  before(async () => {
    whippet = await whippetIn('photos');
    for (const split of ['train', 'valid', 'test']) {
      for (const name of species) {
        await cp(join(flowers.path, split, name), join(whippet.home, 'photos', split, name), { recursive: true });
      }
    }
    const [first = ''] = await readdir(join(whippet.home, 'photos', 'test', 'rose'));
    rose = join('photos', 'test', 'rose', first);
  });
  after(() => rm(whippet.home, { recursive: true }));

  it('trains: a model, an archive and a report, well above chance', async () => {
    const result = await train('photos');
    assert.ok(result.valid.top1.value > 0.7 && result.valid.aboveChance, `valid ${result.valid.top1.value}`);
    const files = await readdir(join(whippet.home, 'model'));
    for (const name of ['model.onnx', 'whippet.json', 'metrics.json', 'timings.json', 'README.md', 'report.html']) {
      assert.ok(files.includes(name), name);
    }
    assert.ok((await stat(join(whippet.home, 'model.tar.gz'))).size > 100_000);
    const report = await readFile(join(whippet.home, 'model', 'report.html'), 'utf8');
    assert.match(report, /petunia/);
    assert.doesNotMatch(report, /(src|href)="https?:/);
  });

  it('gives the same bytes for the same seed, and others for another', async () => {
    const model = (name: string): Promise<Buffer> => readFile(join(whippet.home, name, 'model.onnx'));
    const again = await train('photos', '--out', 'again', '--workers', '1');
    const other = await train('photos', '--out', 'other', '--seed', '7');
    assert.deepEqual(await model('again'), await model('model'));
    assert.notDeepEqual(await model('other'), await model('model'));
    const { digest } = JSON.parse(await readFile(join(whippet.home, 'model', 'whippet.json'), 'utf8')) as TrainJson;
    assert.equal(again.digest, digest);
    assert.notEqual(other.digest, digest);
  });

  it('opens the test split on record', async () => {
    for (const times of [1, 2]) {
      const { code, out, err } = await whippet.run(['evaluate', 'model', 'photos', '--json']);
      assert.equal(code, 0, err);
      const { opened, evaluation } = JSON.parse(out) as { opened: number; evaluation: { top1: { value: number } } };
      assert.equal(opened, times);
      assert.ok(evaluation.top1.value > 0.6);
    }
    assert.match(await readFile(join(whippet.home, 'model', 'report.html'), 'utf8'), /opened/i);
  });

  it('predicts files, folders, globs and standard input, and answers the good ones among bad ones', async () => {
    const single = await whippet.run(['predict', 'model', rose]);
    assert.match(single.out, /rose\s+\d+\.\d %/);
    const piped = await whippet.run(['predict', 'model.tar.gz', '-', '--json'], {
      input: await readFile(join(whippet.home, rose)),
    });
    const [answer] = JSON.parse(piped.out) as { predictions: { label: string }[] }[];
    assert.equal(answer?.predictions[0]?.label, 'rose');
    const folder = await whippet.run([
      'predict',
      'model',
      'photos/test/rose',
      'photos/test/*/nothing-or*.jpg',
      '--json',
    ]);
    assert.equal(folder.code, 1);
    assert.match(folder.out, /WHIPPET_IMAGE_UNREADABLE/);
    await writeFile(join(whippet.home, 'broken.jpg'), 'not a picture');
    const mixed = await whippet.run(['predict', 'model', rose, 'broken.jpg', '--json']);
    assert.equal(mixed.code, 1);
    const answers = JSON.parse(mixed.out) as { predictions?: unknown; error?: { code: string } }[];
    assert.ok(answers[0]?.predictions);
    assert.equal(answers[1]?.error?.code, 'WHIPPET_IMAGE_NOT_AN_IMAGE');
  });

  it('explains a prediction', async () => {
    const { code, out, err } = await whippet.run(['explain', 'model', rose, '--json']);
    assert.equal(code, 0, err);
    const { neighbours, maps } = JSON.parse(out) as {
      neighbours: unknown[];
      maps: { values: number[]; offset: number; logit: number }[];
    };
    assert.equal(neighbours.length, 6);
    const [map] = maps;
    const sum = (map?.values ?? []).reduce((total, value) => total + value, map?.offset ?? 0);
    assert.ok(Math.abs(sum - (map?.logit ?? 0)) < 0.01, 'the places and the bias add up to the logit');
    assert.match(await readFile(join(whippet.home, 'explanation.html'), 'utf8'), /data:image\/jpeg/);
  });

  it('serves the model', async () => {
    const { match, stop } = await whippet.start(['serve', 'model', '--port', '0'], /(http:\/\/127\.0\.0\.1:\d+)/);
    const photo = await readFile(join(whippet.home, rose));
    const post = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${match[1]}/invocations`, {
        method: 'POST',
        body: photo,
        headers: { 'content-type': 'image/jpeg', ...headers },
      });
    assert.equal((await fetch(`${match[1]}/ping`)).status, 200);
    const [logits] = (await (await post({})).json()) as number[][];
    assert.equal(logits?.length, species.length);
    const labelled = (await (await post({ accept: 'application/vnd.whippet+json' })).json()) as {
      predictions: { label: string }[];
    };
    assert.equal(labelled.predictions[0]?.label, 'rose');
    const metrics = await (await fetch(`${match[1]}/metrics`)).text();
    assert.match(metrics, /whippet_batch_pictures_count 2/);
    assert.equal((await stop()).code, 0);
  });

  it('skips what cannot be used, and names it; --strict stops', async () => {
    await cp(join(whippet.home, 'photos'), join(whippet.home, 'mixed'), { recursive: true });
    for (const name of ['truncated.jpg', 'phone.heic', 'small.bmp']) {
      await copyFile(join(nasty.path, name), join(whippet.home, 'mixed', 'train', 'rose', name));
    }
    const { refused, secondsByStage } = await train('mixed', '--out', 'mixed-model');
    assert.deepEqual(refused.map(({ code }) => code).sort(), [
      'WHIPPET_IMAGE_CORRUPT',
      'WHIPPET_IMAGE_HEIC',
      'WHIPPET_IMAGE_UNSUPPORTED',
    ]);
    assert.ok((secondsByStage.features ?? 9) < 5, 'the features of the other photos came from the cache');
    const strict = await whippet.run([
      'train',
      'mixed',
      '--backbone',
      `onnx:${backbone.path}`,
      '--out',
      'strict',
      '--strict',
    ]);
    assert.equal(strict.code, 1);
    assert.match(strict.err, /WHIPPET_IMAGE_/);
  });

  it('refuses leakage and double labels', async () => {
    await cp(join(whippet.home, 'photos'), join(whippet.home, 'leaky'), { recursive: true });
    const [name = ''] = await readdir(join(whippet.home, 'leaky', 'test', 'rose'));
    const copy = join(whippet.home, 'leaky', 'train', 'rose', 'copy.jpg');
    await copyFile(join(whippet.home, 'leaky', 'test', 'rose', name), copy);
    // Other bytes, the same picture.
    await appendFile(copy, Buffer.alloc(16));
    const refused = await whippet.run([
      'train',
      'leaky',
      '--backbone',
      `onnx:${backbone.path}`,
      '--out',
      'leaky-model',
    ]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /WHIPPET_TRAINING_LEAKAGE/);
    const checked = await whippet.run(['data', 'check', 'leaky']);
    assert.equal(checked.code, 1);
    assert.match(checked.out, /copy\.jpg/);
    await train('leaky', '--out', 'leaky-model', '--allow-leakage');

    await cp(join(whippet.home, 'photos'), join(whippet.home, 'double'), { recursive: true });
    const [first = ''] = await readdir(join(whippet.home, 'double', 'train', 'rose'));
    await copyFile(
      join(whippet.home, 'double', 'train', 'rose', first),
      join(whippet.home, 'double', 'train', 'azalea', first),
    );
    const double = await whippet.run([
      'train',
      'double',
      '--backbone',
      `onnx:${backbone.path}`,
      '--out',
      'double-model',
    ]);
    assert.equal(double.code, 1);
    assert.match(double.err, /WHIPPET_TRAINING_TWO_LABELS/);
  });

  it('finds labels that were swapped', async () => {
    await cp(join(whippet.home, 'photos'), join(whippet.home, 'swapped'), { recursive: true });
    const roses = join(whippet.home, 'swapped', 'train', 'rose');
    for (const name of (await readdir(roses)).slice(0, 4)) {
      await copyFile(join(roses, name), join(whippet.home, 'swapped', 'train', 'clematis', `rose-${name}`));
      await rm(join(roses, name));
    }
    const { code, out, err } = await whippet.run(['data', 'check', 'swapped', '--audit', 'model', '--json']);
    assert.equal(code, 0, err);
    const { audit } = JSON.parse(out) as { audit: { judged: number; suspects: { name: string; label: string }[] } };
    assert.equal(audit.judged, 4 * 30);
    const found = audit.suspects.filter(({ name }) => name.includes('/rose-'));
    assert.ok(found.length >= 2, JSON.stringify(audit.suspects));
    assert.match(await readFile(join(whippet.home, 'audit.html'), 'utf8'), /rose-/);
  });

  it('keeps private data out of everything it writes', async () => {
    await train('photos', '--out', 'private', '--no-pictures');
    const [name = ''] = await readdir(join(whippet.home, 'photos', 'train', 'rose'));
    for (const file of await readdir(join(whippet.home, 'private'))) {
      const content = await readFile(join(whippet.home, 'private', file));
      assert.ok(!content.includes(name), `${file} holds the name of a picture`);
      assert.ok(!content.includes('data:image/jpeg'), `${file} holds a picture`);
    }
  });

  it('never overwrites what is not a model', async () => {
    await mkdir(join(whippet.home, 'precious'));
    await writeFile(join(whippet.home, 'precious', 'thesis.txt'), 'x');
    const { code, err } = await whippet.run([
      'train',
      'photos',
      '--backbone',
      `onnx:${backbone.path}`,
      '--out',
      'precious',
    ]);
    assert.equal(code, 2);
    assert.match(err, /WHIPPET_ARTIFACT_EXISTS/);
  });
});
