/** boto3, old and new, and the AWS CLI: `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { constrainedOperations, type ServiceName } from '../../../src/wire/index.ts';
import { fileScope, type Running, running, temporaryFolder } from '../../server/running.ts';
import { clientEnvironment, installedClis, runAws } from './commands.ts';

const run = promisify(execFile);
const folder = import.meta.dirname;
const scripts = readdirSync(folder).filter((name) => name.endsWith('.py'));

const scope = fileScope(after);
let opened: Running;
let home: string;
before(async () => {
  opened = await running(scope);
  home = await temporaryFolder(scope);
});

/** A line of a script's output: how one operation fared. */
interface Outcome {
  readonly operation: string;
  readonly ok: boolean;
  readonly error?: string;
}

async function outcomes(python: string, script: string): Promise<Outcome[]> {
  // A script whose operations failed exits with 1, and its output says which.
  const { stdout, stderr } = await run(python, [join(folder, script)], {
    env: clientEnvironment({ server: opened.server, home }),
  }).catch((error: { stdout: string; stderr: string }) => error);
  assert.notEqual(stdout, '', stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);
}

for (const variable of ['WHIPPET_TEST_AWS_OLD', 'WHIPPET_TEST_AWS_NEW']) {
  const commands = process.env[variable];
  const skip = commands ? false : `${variable} names no folder of commands`;
  describe(`boto3 of ${variable}`, { skip }, () => {
    for (const script of scripts) {
      it(`${script} drives every operation of its service`, async () => {
        const found = await outcomes(join(commands as string, 'python'), script);
        assert.deepEqual(
          found.filter(({ ok }) => !ok).map(({ operation, error }) => `${operation}: ${error}`),
          [],
        );
        const service = script.replace(/\.py$/, '') as ServiceName;
        const driven = new Set(found.map(({ operation }) => operation));
        assert.deepEqual(
          (constrainedOperations[service] ?? []).filter((operation) => !driven.has(operation)),
          [],
          'operations that the script leaves out',
        );
      });
    }
  });
}

for (const [index, { name, command, missing }] of installedClis().entries()) {
  describe(`the AWS CLI ${name}`, { skip: command ? false : missing }, () => {
    const bucket = `journey-${index}`;

    const aws = (...argv: string[]): Promise<string> =>
      runAws(command as string, argv, { server: opened.server, home });
    const api = async (operation: string, ...argv: string[]): Promise<unknown> => {
      const answer = await aws('s3api', operation, '--bucket', bucket, ...argv);
      return answer === '' ? undefined : JSON.parse(answer);
    };

    it('copies, lists, synchronises, signs and removes', async () => {
      const photos = join(home, bucket);
      await mkdir(join(photos, 'old & new'), { recursive: true });
      const large = Buffer.alloc(9 * 1024 * 1024, 'whippet');
      await writeFile(join(photos, 'large.bin'), large);
      await writeFile(join(photos, 'old & new', 'müsli + 100%.txt'), 'one');
      await writeFile(join(photos, 'plain.txt'), 'two');

      assert.equal(await aws('s3', 'mb', `s3://${bucket}`), `make_bucket: ${bucket}\n`);
      await aws('s3', 'cp', '--recursive', photos, `s3://${bucket}/in/`);
      const listing = await aws('s3', 'ls', '--recursive', `s3://${bucket}/`);
      const shown = listing
        .trim()
        .split('\n')
        .map((line) => line.replace(/^\S+ \S+ +/, ''));
      assert.deepEqual(shown, [`${large.length} in/large.bin`, '3 in/old & new/müsli + 100%.txt', '3 in/plain.txt']);
      assert.match(await aws('s3', 'ls', `s3://${bucket}/in/`), /PRE old & new\/\n/);
      assert.match(await aws('s3', 'ls'), new RegExp(` ${bucket}\n`));

      assert.equal(await aws('s3', 'sync', photos, `s3://${bucket}/in/`), '');
      await writeFile(join(photos, 'plain.txt'), 'three');
      assert.match(await aws('s3', 'sync', photos, `s3://${bucket}/in/`), /plain\.txt/);
      await aws('s3', 'sync', `s3://${bucket}/in/`, join(home, `${bucket}-back`));
      assert.ok(large.equals(await readFile(join(home, `${bucket}-back`, 'large.bin'))));
      assert.equal(await readFile(join(home, `${bucket}-back`, 'old & new', 'müsli + 100%.txt'), 'utf8'), 'one');

      const url = (await aws('s3', 'presign', `s3://${bucket}/in/plain.txt`)).trim();
      assert.equal(await (await fetch(url)).text(), 'three');
      assert.equal((await fetch(url.replace('plain', 'large'))).status, 403);

      await aws('s3', 'mv', `s3://${bucket}/in/plain.txt`, `s3://${bucket}/moved.txt`);
      await aws('s3', 'cp', `s3://${bucket}/in/large.bin`, `s3://${bucket}/copied.bin`);
      await assert.rejects(aws('s3', 'rb', `s3://${bucket}`), /BucketNotEmpty/);
      await aws('s3', 'rm', '--recursive', `s3://${bucket}/in/`);
      const keys = (await api('list-objects-v2', '--query', 'Contents[].Key')) as string[];
      assert.deepEqual(keys, ['copied.bin', 'moved.txt']);
      await aws('s3', 'rb', '--force', `s3://${bucket}`);
      await assert.rejects(api('head-bucket'), /404/);
    });

    it('sets and reads what a bucket has', async () => {
      await api('create-bucket');
      await api('put-bucket-versioning', '--versioning-configuration', 'Status=Enabled');
      assert.deepEqual(await api('get-bucket-versioning'), { Status: 'Enabled' });
      await api('put-bucket-tagging', '--tagging', 'TagSet=[{Key=a,Value=b c}]');
      assert.deepEqual(await api('get-bucket-tagging'), { TagSet: [{ Key: 'a', Value: 'b c' }] });
      await assert.rejects(api('get-public-access-block'), /NoSuchPublicAccessBlockConfiguration/);
      await assert.rejects(
        api('put-public-access-block', '--public-access-block-configuration', 'BlockPublicAcls=true'),
        /NotImplemented.*s3 PutPublicAccessBlock is not served by Whippet/s,
      );
      await api('put-object', '--key', 'k', '--metadata', 'color=blue', '--tagging', 'a=b');
      const { Metadata } = (await api('head-object', '--key', 'k')) as { Metadata: object };
      assert.deepEqual(Metadata, { color: 'blue' });
      const { VersionId } = (await api('delete-object', '--key', 'k')) as { VersionId: string };
      await api('delete-object', '--key', 'k', '--version-id', VersionId);
      const { Versions } = (await api('list-object-versions')) as { Versions: { VersionId: string }[] };
      assert.equal(Versions.length, 1);
      await api('delete-object', '--key', 'k', '--version-id', Versions[0]?.VersionId ?? '');
      await api('delete-bucket');
    });
  });
}
