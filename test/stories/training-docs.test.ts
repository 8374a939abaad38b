/** What docs/tuning.md, docs/container.md and docs/training.md show is run as it stands, on drawn pictures. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { drawSample } from '../../src/engine/index.ts';
import { startServer } from '../../src/server/index.ts';
import { connectTo, makeBucket, makeRole, uploadFolder } from '../training/driver.ts';
import { blocksOf, npx } from './pages.ts';
import { repository } from './whippet.ts';

const run = promisify(execFile);

describe('the pages about training', { timeout: 120_000 }, () => {
  let home: string;
  let photos: string;
  let env: NodeJS.ProcessEnv;
  const bash = async (script: string, more: NodeJS.ProcessEnv = {}): Promise<string> => {
    const argv = ['-e', '-o', 'pipefail', '-c', script];
    return (await run('bash', argv, { cwd: home, env: { ...env, ...more } })).stdout;
  };
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-training-docs-'));
    photos = join(home, 'photos');
    // Its stamp makes the backbone the built-in one: nothing is downloaded.
    await drawSample(photos, { picturesPerClass: { train: 8, valid: 4, test: 1 }, size: 64 });
    await mkdir(join(home, 'bin'));
    await writeFile(join(home, 'bin', 'npx'), npx, { mode: 0o755 });
    await symlink(join(repository, 'node_modules'), join(home, 'node_modules'));
    const path = [join(home, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
    env = { ...process.env, HOME: home, PATH: path, WHIPPET_CACHE: join(home, 'cache'), NO_COLOR: '1' };
  });
  after(() => rm(home, { recursive: true }));

  it('show a search that works: docs/tuning.md', async () => {
    const [search = '', ...more] = await blocksOf('docs/tuning.md', 'sh');
    assert.deepEqual(more, []);
    assert.match(search, /^npx whippet tune photos\/ /);
    await bash(search);
    for (const name of ['model/model.onnx', 'model.tar.gz', 'model-tuning.html'])
      assert.ok(existsSync(join(home, name)), name);
  });

  it('show ranges that can be searched: docs/tuning.md', async () => {
    const page = await readFile(join(repository, 'docs/tuning.md'), 'utf8');
    const ranges = [...page.matchAll(/^\| `(--range \S+)` /gm)].map(([, range]) => range);
    assert.equal(ranges.length, 5);
    const search = ['npx whippet tune photos/', ...ranges, '--strategy random --trials 2 --json -o ranges'].join(' ');
    const { trials } = JSON.parse(await bash(search)) as { trials: readonly unknown[] };
    assert.equal(trials.length, 2);
  });

  it('show a container that trains and serves: docs/container.md', async () => {
    const [session = ''] = await blocksOf('docs/container.md', 'sh');
    const lines = session.trim().split('\n');
    const serve = lines.pop() ?? '';
    assert.match(serve, /^npx whippet container serve /);
    const log = await bash(lines.join('\n'));

    // The lines of the log have the form that the page shows, and the definitions find their values.
    const forms = (text: string) => [
      ...new Set(
        text
          .trim()
          .split('\n')
          .map((line) => line.replace(/=[-+0-9.e]+/g, '=N')),
      ),
    ];
    const shown = forms((await blocksOf('docs/container.md', '')).find((block) => block.startsWith('epoch=')) ?? '');
    assert.equal(shown.length, 3);
    const logged = new Set(forms(log));
    for (const form of shown) assert.ok(logged.has(form), `${form} in ${[...logged].join('\n')}`);
    const [definitions = ''] = await blocksOf('docs/container.md', 'json');
    for (const { Name, Regex } of JSON.parse(definitions) as { Name: string; Regex: string }[]) {
      const line = log.split('\n').findLast((one) => one.startsWith('final')) ?? '';
      if (Name !== 'test:accuracy')
        assert.ok(Number.isFinite(Number(new RegExp(Regex).exec(line)?.[1])), `${Name}: ${line}`);
    }

    const server = spawn('bash', ['-c', serve], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(server, 'close');
    for await (const line of createInterface(server.stdout)) {
      const [, url] = /^Serving 12 classes .* on (http:\S+)$/.exec(line) ?? [];
      if (url === undefined) continue;
      assert.equal((await fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/ping`)).status, 200);
      server.kill('SIGTERM');
    }
    assert.deepEqual(await closed, [0, null]);
  });

  it('show rules that are evaluated: docs/container.md', async () => {
    const root = join(home, 'job', 'opt', 'ml');
    const model = await readFile(join(root, 'model', 'model.onnx'));
    const [, rules = ''] = await blocksOf('docs/container.md', 'json');
    await writeFile(join(root, 'input', 'config', 'rulesconfig.json'), rules);
    await bash('npx whippet container train --root job/opt/ml');
    for (const rule of ['Overfit', 'ProfilerReport']) {
      const outcome = JSON.parse(await readFile(join(root, 'output', 'rules', `${rule}.json`), 'utf8'));
      assert.match(outcome.RuleEvaluationStatus, /^(No)?IssuesFound$/, rule);
    }
    assert.ok(existsSync(join(root, 'output/rules/ProfilerReport/profiler-output/profiler-report.html')));
    const tensors = await readdir(join(root, 'output', 'tensors'), { recursive: true });
    assert.ok(tensors.includes('steps.jsonl'));
    assert.ok(
      tensors.some((name) => /weight.*\.npy$/.test(name)),
      tensors.join('\n'),
    );
    assert.deepEqual(await readFile(join(root, 'model', 'model.onnx')), model);

    await rm(join(root, 'input', 'config', 'rulesconfig.json'));
    await rm(join(root, 'output'), { recursive: true });
    const page = await readFile(join(repository, 'docs/container.md'), 'utf8');
    const [, WHIPPET_RULES = ''] = /`WHIPPET_RULES=([\w,]+)`/.exec(page) ?? [];
    await bash('npx whippet container train --root job/opt/ml', { WHIPPET_RULES });
    for (const rule of WHIPPET_RULES.split(','))
      assert.ok(existsSync(join(root, 'output', 'rules', `${rule}.json`)), rule);
  });

  it('show an image that could be built: docs/container.md', async () => {
    const blocks = (await blocksOf('docs/container.md', 'sh')).slice(1).join('');
    const dockerfile = await readFile(join(repository, 'Dockerfile'), 'utf8');
    const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
    for (const [, argument] of blocks.matchAll(/--build-arg (\w+)=/g))
      assert.match(dockerfile, new RegExp(`^ARG ${argument}\\b`, 'm'));
    for (const [, port] of blocks.matchAll(/-p \d+:(\d+)/g))
      assert.match(dockerfile, new RegExp(`^EXPOSE ${port}$`, 'm'));
    for (const [, tag] of blocks.matchAll(/whippet:([\d.]+)/g)) assert.equal(tag, version);
    const commands = [...blocks.matchAll(/docker run .* whippet (\w+)$/gm)].map(([, command]) => command);
    assert.deepEqual(commands, ['train', 'serve']);
    for (const command of commands) await bash(`npx whippet container ${command} --help`);
  });

  it('show TypeScript that runs: docs/training.md', async () => {
    const [example = '', ...more] = await blocksOf('docs/training.md', 'ts');
    assert.deepEqual(more, []);
    const server = await startServer({ port: 0, state: 'memory' });
    const aws = connectTo(server);
    try {
      await makeBucket(aws, 'my-data');
      await makeRole(aws, 'trainer');
      await uploadFolder(aws, photos, { bucket: 'my-data', prefix: 'photos/' });
      await writeFile(join(home, 'example.mts'), example);
      const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = server.credentials;
      const key = { AWS_ENDPOINT_URL: server.url, AWS_REGION: server.region, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
      const { stdout } = await run(process.execPath, ['example.mts'], { cwd: home, env: { ...env, ...key } });
      assert.equal(stdout, 'Completed s3://my-data/output/breeds-js/output/model.tar.gz\n');
    } finally {
      aws.close();
      await server.stop();
    }
  });
});
