/** `npm run interop`: the tests of test/interop with a Python environment of their own (PyPI; kept in node_modules/.cache). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.js';

const requirements = join(root, 'test', 'interop', 'requirements.txt');
const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
const environment = join(root, 'node_modules', '.cache', `interop-${wanted}`);
const python = join(environment, 'bin', 'python');

if (!existsSync(join(environment, 'complete'))) {
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(environment, { recursive: true });
  run('python3', ['-m', 'venv', environment]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  run('touch', [join(environment, 'complete')]);
}
run(process.execPath, ['--test', '--test-reporter=spec', join(root, 'test', 'interop', 'interop.test.ts')], {
  ...process.env,
  WHIPPET_TEST_PYTHON: python,
});

function run(command: string, argv: readonly string[], env = process.env): void {
  const { status, error } = spawnSync(command, argv, { stdio: 'inherit', env });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
