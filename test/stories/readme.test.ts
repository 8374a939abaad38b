/**
 * Every command of the README and of pages in docs/ (docs/sample.md: `npm run soak`) is run, in its order, in a folder with `photos/` and
 * `photo.jpg`. `train` gets --weights, so that nothing is downloaded: a ResNet-18 with generated weights, which takes a third of the README's
 * ResNet-50's time.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { drawSample } from '../../src/engine/index.ts';
import { generatedResnetWeights } from '../reference/resnet/generated.ts';
import { commandsOf } from './page-commands.ts';
import { repository, type Whippet, whippetIn } from './whippet.ts';

describe('the README', () => {
  let whippet: Whippet;
  before(async () => {
    whippet = await whippetIn('readme');
    const photos = join(whippet.home, 'photos');
    await drawSample(join(whippet.home, 'drawn'), { picturesPerClass: { train: 3, valid: 1, test: 1 }, size: 128 });
    // Four classes are enough, and a folder without the sample's stamp counts as photos.
    for (const split of ['train', 'valid', 'test']) {
      await mkdir(join(photos, split), { recursive: true });
      for (const breed of (await readdir(join(whippet.home, 'drawn', split))).slice(0, 4)) {
        await cp(join(whippet.home, 'drawn', split, breed), join(photos, split, breed), { recursive: true });
      }
    }
    const [breed = ''] = await readdir(join(photos, 'test'));
    const [name = ''] = await readdir(join(photos, 'test', breed));
    await copyFile(join(photos, 'test', breed, name), join(whippet.home, 'photo.jpg'));
    await generatedResnetWeights(18, join(whippet.home, 'resnet18.safetensors'));
  });
  after(() => rm(whippet.home, { recursive: true }));

  it('shows commands that work', async () => {
    const commands = await commandsOf('README.md');
    const named = new Set(commands.map(([name]) => name));
    for (const name of ['train', 'evaluate', 'predict', 'explain', 'serve', 'data']) assert.ok(named.has(name), name);
    for (const page of ['docs/serving.md', 'docs/downloads.md']) {
      const more = await commandsOf(page);
      assert.ok(more.length > 0, page);
      commands.push(...more);
    }
    for (const argv of commands) {
      if (argv[0] === 'serve') {
        const { match, stop } = await whippet.start(argv, /(http:\/\/127\.0\.0\.1:\d+)/);
        assert.equal((await fetch(`${match[1]}/ping`)).status, 200);
        assert.equal((await stop()).code, 0);
        continue;
      }
      const given = ['--backbone', 'resnet18', '--weights', 'resnet18.safetensors'];
      const isOnPhotos = argv[0] === 'train' && argv[1] === 'photos/';
      const { code, err } = await whippet.run([...argv, ...(isOnPhotos ? given : [])]);
      assert.equal(code, 0, `whippet ${argv.join(' ')}: ${err}`);
    }
  });

  it('shows TypeScript that runs', async () => {
    const text = await readFile(join(repository, 'README.md'), 'utf8');
    const example = /^```ts\n(.*?)^```/ms.exec(text)?.[1] ?? '';
    assert.match(example, /openPredictor/);
    // In a checkout the package has no dist/: the example is run on the sources that dist/ is built from.
    const door = new URL('../../src/engine/index.ts', import.meta.url).href;
    const program = `import { readFile } from 'node:fs/promises';
${example.replace('whippet/engine', door)}
console.log(JSON.stringify({ ranked, novelty }));
await predictor.close();`;
    await writeFile(join(whippet.home, 'example.mts'), program);
    const { stdout } = await promisify(execFile)(process.execPath, ['example.mts'], { cwd: whippet.home });
    const { ranked, novelty } = JSON.parse(stdout) as { ranked: { label: string }[]; novelty: number };
    const manifest = JSON.parse(await readFile(join(whippet.home, 'model', 'whippet.json'), 'utf8'));
    assert.deepEqual(ranked.map(({ label }) => label).sort(), manifest.labels);
    assert.ok(novelty >= 0 && novelty <= 100);
  });

  it('leads with train, and names files that exist', async () => {
    const [first] = await commandsOf('README.md');
    assert.deepEqual(first?.slice(0, 2), ['train', 'photos/']);
    const text = await readFile(join(repository, 'README.md'), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      await assert.doesNotReject(readFile(join(repository, link)), link);
    }
  });
});
