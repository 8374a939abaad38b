/** The shell commands and the TypeScript of docs/server.md and of the README's part on the server are run as they stand. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { repository } from './whippet.ts';

const run = promisify(execFile);

async function blocksOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(join(repository, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');
}

/** An AWS CLI that takes AWS_ENDPOINT_URL: the one that `npm run interop` installed, or the system's. */
async function awsCommand(): Promise<string | undefined> {
  const installed = process.env.WHIPPET_TEST_AWS_NEW;
  const command = installed ? join(installed, 'aws') : 'aws';
  const version = await run(command, ['--version']).catch(() => undefined);
  const [, major = 0, minor = 0] = /aws-cli\/(\d+)\.(\d+)/.exec(version?.stdout ?? '')?.map(Number) ?? [];
  return (major === 1 && minor >= 29) || (major === 2 && minor >= 13) ? command : undefined;
}

const aws = await awsCommand();

describe('the pages about the server', () => {
  let home: string;
  let environment: NodeJS.ProcessEnv;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'whippet-server-docs-'));
    await mkdir(join(home, 'bin'));
    await mkdir(join(home, 'photos', 'Beagle'), { recursive: true });
    await cp(join(repository, 'docs/sample.jpg'), join(home, 'photos', 'Beagle', '1.jpg'));
    // `npx whippet` as in a project that has installed it; any free port, as 4566 may be in use here.
    const whippet = join(repository, 'bin/whippet');
    const npx = `#!/bin/sh\nshift\nif [ "$1" = up ]; then exec ${whippet} "$@" --port 0; fi\nexec ${whippet} "$@"\n`;
    await writeFile(join(home, 'bin', 'npx'), npx, { mode: 0o755 });
    if (aws?.includes('/')) await symlink(aws, join(home, 'bin', 'aws'));
    environment = { ...process.env, HOME: home, PATH: `${join(home, 'bin')}${delimiter}${process.env.PATH}` };
  });
  after(() => rm(home, { recursive: true }));

  it('show a session that works: docs/training.md', { skip: aws ? false : 'no AWS CLI of 2023 or later' }, async () => {
    const session = (await blocksOf('docs/training.md', 'bash')).join('');
    const { stdout } = await run('bash', ['-e', '-o', 'pipefail', '-c', session], { cwd: home, env: environment });
    await rm(join(home, '.whippet'), { recursive: true });
    assert.match(stdout, /^Completed\ts3:\/\/my-data\/output\/breeds-1\/output\/model\.tar\.gz$/m);
    assert.match(stdout, /^validation:accuracy\t0\.[6-9]\d*$/m);
    assert.match(stdout, /^Overtraining\t(No)?IssuesFound$/m);
    assert.match(stdout, /^Completed\t3$/m);
    assert.match(stdout, /^Completed\tbreeds-tune-00[1-4]-[0-9a-f]{8}$/m);
    assert.match(stdout, /^Completed\n.* answers\/.*\.out$/m);
  });

  for (const page of ['README.md', 'docs/server.md']) {
    it(`show commands that work: ${page}`, { skip: aws ? false : 'no AWS CLI of 2023 or later' }, async () => {
      const blocks = await blocksOf(page, 'bash');
      assert.ok(blocks.length > 0);
      for (const block of blocks) {
        assert.match(block, /^npx whippet up --detach\n[\s\S]*npx whippet down\n$/);
        const { stdout } = await run('bash', ['-e', '-o', 'pipefail', '-c', block], { cwd: home, env: environment });
        if (block.includes('s3 ls')) assert.match(stdout, /PRE Beagle/);
        await rm(join(home, '.whippet'), { recursive: true });
      }
    });
  }

  it('show TypeScript that runs', async () => {
    const examples = await blocksOf('docs/server.md', 'ts');
    assert.equal(examples.length, 2);
    await symlink(join(repository, 'node_modules'), join(home, 'node_modules'));
    const printed: string[] = [];
    for (const example of examples) {
      // In a checkout the package has no dist/: examples are run on the sources that dist/ is built from.
      const program = example.replace(
        /'whippet\/(\w+)'/,
        (_, door) => `'${new URL(`../../src/${door}/index.ts`, import.meta.url).href}'`,
      );
      await writeFile(join(home, 'example.mts'), program);
      printed.push((await run(process.execPath, ['example.mts'], { cwd: home })).stdout);
    }
    assert.deepEqual(printed, ['', 'true\n']);
  });
});
