import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../scripts/node.js';

/** Runs as an older Node would: it refuses TypeScript. */
const tooOld = '--no-experimental-strip-types';

const main = `
export async function main(argv: string[]): Promise<number> {
  if (argv[0] === 'exit') return Number(argv[1]);
  if (argv[0] === 'die') process.kill(process.pid, 'SIGKILL');
  const interrupted = new Promise<number>((resolve) => {
    process.once('SIGINT', () => resolve(130));
    process.once('SIGTERM', () => resolve(7));
  });
  process.stdout.write(\`ready \${process.execArgv.length}\\n\`);
  const alive = setInterval(() => {}, 1000);
  const code = await interrupted;
  clearInterval(alive);
  return code;
}
`;

describe('bin/whippet in a checkout', () => {
  let checkout: string;
  let command: string;
  before(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'whippet-checkout-'));
    command = join(checkout, 'bin/whippet');
    await mkdir(join(checkout, 'src/cli'), { recursive: true });
    await mkdir(join(checkout, `node_modules/node-${process.platform}-${process.arch}/bin`), { recursive: true });
    await cp(join(root, 'bin'), join(checkout, 'bin'), { recursive: true });
    await cp(join(root, 'scripts/node.js'), join(checkout, 'scripts/node.js'));
    await writeFile(join(checkout, 'package.json'), '{"type":"module"}');
    await writeFile(join(checkout, 'src/cli/main.ts'), main);
    const brought = join(checkout, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
    await symlink(process.execPath, brought);
    await writeFile(join(checkout, 'node_modules/.package-lock.json'), '{}');
  });
  after(() => rm(checkout, { recursive: true }));

  for (const [host, options] of [
    ['a Node that runs TypeScript', []],
    ['a Node that does not', [tooOld]],
  ] as const) {
    it(`passes the exit code on, started by ${host}`, () => {
      const { status, stderr } = spawnSync(process.execPath, [...options, command, 'exit', '3'], { encoding: 'utf8' });
      assert.deepEqual({ status, stderr }, { status: 3, stderr: '' });
    });

    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 7],
    ] as const) {
      it(`passes ${signal} on, started by ${host}`, async () => {
        const child = spawn(process.execPath, [...options, command], { stdio: ['ignore', 'pipe', 'inherit'] });
        const [ready] = await once(child.stdout, 'data');
        // The one that answers was started without the option: it is the other Node.
        assert.equal(String(ready), 'ready 0\n');
        child.kill(signal);
        const [code] = await once(child, 'exit');
        assert.equal(code, expected);
      });
    }

    it(`dies of the signal that killed the command, started by ${host}`, () => {
      const { signal } = spawnSync(process.execPath, [...options, command, 'die']);
      assert.equal(signal, 'SIGKILL');
    });
  }

  it('says what to install in a bare clone', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'whippet-bare-'));
    for (const path of ['bin', 'scripts', 'src', 'package.json']) {
      await cp(join(checkout, path), join(bare, path), { recursive: true });
    }
    const started = (...options: string[]) =>
      spawnSync(process.execPath, [...options, join(bare, 'bin/whippet')], { encoding: 'utf8' });
    const [old, recent] = [started(tooOld), started()];
    await rm(bare, { recursive: true });
    assert.deepEqual([old.status, recent.status], [1, 1]);
    assert.match(old.stderr, /runs on Node 22\.18 or newer; this is v.*Run "npm ci" in .* first/);
    assert.match(recent.stderr, /^whippet: its dependencies are not there\. Run "npm ci" in .* first\.\n$/);
  });
});
