/** IAM and STS through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { type Account, openAccount, trustsAccount } from './account.ts';

const run = promisify(execFile);

for (const variable of ['WHIPPET_TEST_AWS_OLD', 'WHIPPET_TEST_AWS_NEW']) {
  const commands = process.env[variable];
  test(`boto3 of ${variable}`, { skip: commands ? false : `${variable} names no folder of commands` }, async () => {
    const account = await openAccount();
    try {
      const { accessKeyId, secretAccessKey } = account.server.credentials;
      const script = join(import.meta.dirname, 'roles.py');
      const python = join(commands as string, 'python');
      const { stdout } = await run(python, [script, account.server.url, accessKeyId, secretAccessKey]);
      assert.match(stdout, /^boto3-\d/);
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

  test('makes, reads and assumes a role', async () => {
    const document = ['--assume-role-policy-document', trustsAccount];
    const arn = await aws('iam', 'create-role', '--role-name', 'cli', ...document, '--query', 'Role.Arn');
    assert.equal(arn, 'arn:aws:iam::000000000000:role/cli');
    const attached = 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess';
    assert.equal(await aws('iam', 'attach-role-policy', '--role-name', 'cli', '--policy-arn', attached), '');
    const version = ['--version-id', 'v29', '--query', 'PolicyVersion.Document.Statement[0].Action[0]'];
    assert.equal(await aws('iam', 'get-policy-version', '--policy-arn', attached, ...version), 'sagemaker:*');
    const session = ['--role-arn', arn, '--role-session-name', 'me', '--query', 'AssumedRoleUser.Arn'];
    assert.equal(await aws('sts', 'assume-role', ...session), 'arn:aws:sts::000000000000:assumed-role/cli/me');
    await assert.rejects(
      aws('iam', 'delete-role', '--role-name', 'cli'),
      /DeleteConflict.*must detach all policies first/s,
    );
  });
});
