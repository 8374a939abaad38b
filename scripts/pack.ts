/**
 * `npm run pack`: the package as it is published, whippet-VERSION.tgz.
 *
 * onnxruntime-node travels inside it. As an ordinary dependency its install script would run at every user's, download GPU files from
 * outside the npm registry and fail offline; neither .npmrc nor allowScripts of a dependency can stop that. Inside, the script,
 * what only the script needs, and the binaries of systems that Whippet does not run on are left out.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './node.js';

/** The native files of onnxruntime-node that are kept: ONNX Runtime on the CPU and its binding to Node, once per system. */
const binaries = [
  'linux/x64/libonnxruntime.so.1',
  'linux/x64/onnxruntime_binding.node',
  'linux/arm64/libonnxruntime.so.1',
  'linux/arm64/onnxruntime_binding.node',
  // The same library lies beside it as libonnxruntime.1.30.0.dylib; the binding asks for this name.
  'darwin/arm64/libonnxruntime.1.dylib',
  'darwin/arm64/onnxruntime_binding.node',
];

interface PackageJson {
  version: string;
  dependencies?: Record<string, string>;
  [field: string]: unknown;
}

const stage = join(root, '.pack');
await rm(stage, { recursive: true, force: true });
await mkdir(stage);

run('build', [join(root, 'scripts/build.ts')], root);
for (const name of ['bin', 'dist', 'docs', 'LICENSE', 'NOTICE', 'README.md', 'CHANGELOG.md']) {
  await cp(join(root, name), join(stage, name), { recursive: true });
}
const manifest = await stageManifest();
await stageRuntime();

const npm = process.env.npm_execpath;
if (npm === undefined) throw new Error('Start this script as "npm run pack".');
run('npm pack', [npm, 'pack', '--pack-destination', root, '--loglevel=error'], stage);
const tarball = join(root, `whippet-${manifest.version}.tgz`);
const { size } = await stat(tarball);
await rm(stage, { recursive: true });
process.stdout.write(`${tarball}: ${(size / 2 ** 20).toFixed(1)} MiB\n`);

/** package.json without what only a checkout needs, and with ONNX Runtime bundled. */
async function stageManifest(): Promise<PackageJson> {
  const { devDependencies, optionalDependencies, scripts, files, ...kept } = await readManifest(root);
  await writeManifest(stage, { ...kept, bundleDependencies: ['onnxruntime-node'] });
  return kept;
}

async function stageRuntime(): Promise<void> {
  const from = join(root, 'node_modules/onnxruntime-node');
  const to = join(stage, 'node_modules/onnxruntime-node');
  const { scripts, devDependencies, dependencies, ...kept } = await readManifest(from);
  const common = dependencies?.['onnxruntime-common'];
  if (common === undefined) throw new Error('onnxruntime-node no longer depends on onnxruntime-common.');
  await mkdir(to, { recursive: true });
  await writeManifest(to, { ...kept, dependencies: { 'onnxruntime-common': common } });
  await cp(join(from, 'README.md'), join(to, 'README.md'));
  await copyCode(join(from, 'dist'), join(to, 'dist'));
  for (const binary of binaries) await cp(join(from, 'bin/napi-v6', binary), join(to, 'bin/napi-v6', binary));

  const commonFrom = join(root, 'node_modules/onnxruntime-common');
  const commonTo = join(stage, 'node_modules/onnxruntime-common');
  const { scripts: _scripts, devDependencies: _devDependencies, ...commonKept } = await readManifest(commonFrom);
  await mkdir(commonTo, { recursive: true });
  await writeManifest(commonTo, commonKept);
  await copyCode(join(commonFrom, 'dist'), join(commonTo, 'dist'));
}

/** JavaScript, declarations and the package.json files that say which module system a folder is in. */
async function copyCode(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|d\.ts|json)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    await cp(path, join(to, path.slice(from.length)));
  }
}

async function readManifest(folder: string): Promise<PackageJson> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
}

async function writeManifest(folder: string, manifest: Record<string, unknown>): Promise<void> {
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function run(what: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${what} failed.`);
}
