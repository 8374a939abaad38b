/**
 * `npm run interop`: the tests that need Python clients, with environments of their own (from PyPI; kept in node_modules/.cache).
 * `npm test` skips them where the variables are missing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.js';

interface PythonEnvironment {
  readonly requirements: string;
  /** What tests find it by: its `python`, or its folder of commands. */
  readonly variable: string;
  readonly value: 'python' | 'commands';
}

const environments: readonly PythonEnvironment[] = [
  { requirements: 'test/interop/requirements.txt', variable: 'WHIPPET_TEST_PYTHON', value: 'python' },
  { requirements: 'test/conformance/python/old.txt', variable: 'WHIPPET_TEST_AWS_OLD', value: 'commands' },
  { requirements: 'test/conformance/python/new.txt', variable: 'WHIPPET_TEST_AWS_NEW', value: 'commands' },
];

const variables = environments.map(({ requirements, variable, value }) => {
  const commands = install(join(root, requirements));
  return [variable, value === 'python' ? join(commands, 'python') : commands];
});
const tests = [
  'test/interop/interop.test.ts',
  'test/conformance/**/*python.test.ts',
  'test/stories/server-docs.test.ts',
];
run(process.execPath, ['--test', '--test-reporter=spec', ...tests.map((file) => join(root, file))], {
  ...process.env,
  ...Object.fromEntries(variables),
});

/** An environment with exactly these packages, made once. @returns its folder of commands. */
function install(requirements: string): string {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const environment = join(root, 'node_modules', '.cache', `interop-${wanted}`);
  const commands = join(environment, 'bin');
  const done = join(environment, 'complete');
  if (existsSync(done)) return commands;
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(environment, { recursive: true });
  run('python3', ['-m', 'venv', environment]);
  const options = ['--quiet', '--disable-pip-version-check', '--requirement', requirements];
  run(join(commands, 'python'), ['-m', 'pip', 'install', ...options]);
  run('touch', [done]);
  return commands;
}

function run(command: string, argv: readonly string[], env = process.env): void {
  const { status, error } = spawnSync(command, argv, { stdio: 'inherit', env });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}
