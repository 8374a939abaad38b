/** CloudWatch Logs through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { type Account, openAccount } from '../iam/account.ts';

const run = promisify(execFile);

for (const variable of ['WHIPPET_TEST_AWS_OLD', 'WHIPPET_TEST_AWS_NEW']) {
  const commands = process.env[variable];
  test(`boto3 of ${variable}`, { skip: commands ? false : `${variable} names no folder of commands` }, async () => {
    const account = await openAccount();
    try {
      const { accessKeyId, secretAccessKey } = account.server.credentials;
      const script = join(import.meta.dirname, 'logs.py');
      const python = join(commands as string, 'python');
      const { stdout } = await run(python, [script, account.server.url, accessKeyId, secretAccessKey]);
      assert.match(stdout, /^boto3[-/]\d/);
    } finally {
      await account.close();
    }
  });
}

const commands = process.env.WHIPPET_TEST_AWS_NEW;

describe('the AWS CLI', { skip: commands ? false : 'WHIPPET_TEST_AWS_NEW names no folder of commands' }, () => {
  let account: Account;
  before(async () => {
    account = await openAccount();
  });
  after(() => account.close());

  const aws = async (...argv: string[]): Promise<string> => {
    const { accessKeyId, secretAccessKey } = account.server.credentials;
    const env = {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: account.server.url,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { stdout } = await run(join(commands as string, 'aws'), [...argv, '--output', 'text'], { env });
    return stdout.trim();
  };

  test('puts and reads events', async () => {
    const stream = ['--log-group-name', 'cli', '--log-stream-name', 's'];
    assert.equal(await aws('logs', 'create-log-group', '--log-group-name', 'cli'), '');
    assert.equal(await aws('logs', 'create-log-stream', ...stream), '');
    const event = `timestamp=${Date.now()},message=hello`;
    assert.match(await aws('logs', 'put-log-events', ...stream, '--log-events', event), /^\d{56}$/);
    assert.equal(await aws('logs', 'get-log-events', ...stream, '--query', 'events[].message'), 'hello');
    const filter = ['--log-group-name', 'cli', '--filter-pattern', '?hello ?bye', '--query', 'events[].message'];
    assert.equal(await aws('logs', 'filter-log-events', ...filter), 'hello');
    const names = await aws(
      'logs',
      'describe-log-streams',
      '--log-group-name',
      'cli',
      '--query',
      'logStreams[].logStreamName',
    );
    assert.equal(names, 's');
    await assert.rejects(aws('logs', 'delete-log-group', '--log-group-name', 'nowhere'), /ResourceNotFoundException/);
  });
});
