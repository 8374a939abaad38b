/**
 * `node scripts/with-node.js [node options] FILE [arguments]`: runs a TypeScript file of this checkout on a Node that can, whatever
 * Node npm itself runs on. In a fresh clone it installs the dependencies first, so `npm start` and `npm test` need no other step.
 */
import { spawnSync } from 'node:child_process';
import { become, findNode, isInstalled, noNodeMessage, root } from './node.js';

if (!isInstalled()) install();
const node = findNode();
if (node === undefined) {
  process.stderr.write(`${noNodeMessage()}\n`);
  process.exitCode = 1;
} else {
  // The cache spares every process of a test run the parsing of the same sources.
  process.env.NODE_COMPILE_CACHE ??= `${root}node_modules/.cache/node-compile`;
  become(node, process.argv.slice(2));
}

function install() {
  process.stderr.write('First run: installing the dependencies (npm ci) …\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm names itself to the scripts it runs; the same npm installs.
  const npm = process.env.npm_execpath;
  const [program, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const { status, error } = spawnSync(program, [...before, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write(`npm ci failed${error ? `: ${error.message}` : ''}.\n`);
  process.exit(status ?? 1);
}
