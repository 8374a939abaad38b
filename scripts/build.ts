/** `npm run build`: src/ becomes dist/, JavaScript with declarations, for those who install the package. */
import { spawnSync } from 'node:child_process';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './node.js';

const source = join(root, 'src');
const target = join(root, 'dist');

await rm(target, { recursive: true, force: true });
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

// The compiler leaves everything but TypeScript behind: style sheets, golden files. What only tests read stays out.
const assets = (await readdir(source, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name).slice(source.length))
  .filter((path) => !/\/(testing|golden)\//.test(path));
for (const path of assets) await cp(join(source, path), join(target, path));

const modules = (await readdir(target, { recursive: true })).filter((path) => path.endsWith('.js')).length;
process.stdout.write(`dist/: ${modules} modules with declarations, ${assets.length} other files.\n`);
