import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkAwsCli, checkBoto3, checkShell, isAtLeast } from './clients.ts';
import type { Surroundings } from './finding.ts';

describe('the AWS clients of a machine', () => {
  let bin: string;
  before(async () => {
    bin = await mkdtemp(join(tmpdir(), 'whippet-bin-'));
  });
  after(() => rm(bin, { recursive: true }));

  const surroundings = (variables: Record<string, string> = {}): Surroundings => ({
    directory: bin,
    variables: { PATH: bin, ...variables },
    now: () => new Date(),
  });
  const install = (name: string, says: string, code = 0): Promise<void> =>
    writeFile(join(bin, name), `#!/bin/sh\necho '${says}'\nexit ${code}\n`, { mode: 0o755 });

  it('are named where they are old enough to go to AWS', async () => {
    assert.equal((await checkAwsCli(surroundings())).level, 'info');
    for (const [says, level] of [
      ['aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64.debian.12 prompt/off', 'warn'],
      ['aws-cli/2.15.0 Python/3.11.2', 'ok'],
      ['aws-cli/1.28.9 Python/3.11.2', 'warn'],
      ['aws-cli/1.45.11 Python/3.11.7 Linux/6.18 botocore/1.43.11', 'ok'],
    ] as const) {
      await install('aws', says);
      assert.equal((await checkAwsCli(surroundings())).level, level, says);
    }
    await install('python3', '1.26.27');
    const old = await checkBoto3(surroundings());
    assert.equal(old.level, 'warn');
    assert.match(old.text, /boto3 1\.26\.27 does not know AWS_ENDPOINT_URL/);
    await install('python3', '1.43.11');
    assert.equal((await checkBoto3(surroundings())).level, 'ok');
  });

  it('are not believed to be there because a shim is', async () => {
    await install('aws', 'pyenv: aws: command not found', 127);
    assert.equal((await checkAwsCli(surroundings())).level, 'info');
    await install('python3', 'ModuleNotFoundError', 1);
    assert.equal((await checkBoto3(surroundings())).level, 'info');
  });

  it('go where the shell says', () => {
    assert.match(checkShell(surroundings()).text, /talk to AWS;/);
    const here = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
    assert.equal(checkShell(surroundings(here)).level, 'info');
    const mixed = checkShell(surroundings({ ...here, AWS_ENDPOINT_URL_S3: 'https://s3.example.com' }));
    assert.equal(mixed.level, 'warn');
    assert.match(mixed.text, /AWS_ENDPOINT_URL_S3/);
  });

  it('have versions that are compared by their numbers', () => {
    assert.ok(isAtLeast('2.13.0', '2.13.0') && isAtLeast('2.100.0', '2.13.0') && isAtLeast('3.0.0', '2.13.9'));
    assert.ok(!isAtLeast('2.9.19', '2.13.0') && !isAtLeast('1.27.200', '1.28.0'));
  });
});
