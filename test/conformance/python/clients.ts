/** boto3, old and new, and the AWS CLI, where `npm run interop` has installed them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type Account, openAccount } from '../iam/account.ts';

const run = promisify(execFile);

function skipped(variable: string): string | false {
  return process.env[variable] ? false : `${variable} names no folder of commands`;
}

/** Runs a script that drives a service through boto3 and fails where an answer is not what it should be, on a server of its own. */
export function boto3Runs(script: string): void {
  for (const variable of ['WHIPPET_TEST_AWS_OLD', 'WHIPPET_TEST_AWS_NEW']) {
    test(`boto3 of ${variable}`, { skip: skipped(variable) }, async () => {
      const account = await openAccount();
      try {
        const { accessKeyId, secretAccessKey } = account.server.credentials;
        const python = join(process.env[variable] as string, 'python');
        const { stdout } = await run(python, [script, account.server.url, accessKeyId, secretAccessKey]);
        assert.match(stdout, /^boto3[-/]\d/);
      } finally {
        await account.close();
      }
    });
  }
}

/** Runs the AWS CLI against the server of these tests and gives back what it printed. */
export type AwsCli = (...argv: string[]) => Promise<string>;

export function awsCli(name: string, body: (aws: AwsCli, t: TestContext) => Promise<void>): void {
  describe('the AWS CLI', { skip: skipped('WHIPPET_TEST_AWS_NEW') }, () => {
    let account: Account;
    before(async () => {
      account = await openAccount();
    });
    after(() => account.close());
    test(name, (t) => body((...argv) => call(account, argv), t));
  });
}

async function call({ server }: Account, argv: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
    AWS_DEFAULT_REGION: server.region,
    AWS_ENDPOINT_URL: server.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const aws = join(process.env.WHIPPET_TEST_AWS_NEW as string, 'aws');
  const { stdout } = await run(aws, [...argv, '--output', 'text'], { env });
  return stdout.trim();
}
