/** CloudWatch through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
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
      const script = join(import.meta.dirname, 'metrics.py');
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

  test('puts, lists and reads metrics', async () => {
    const metric = ['--namespace', 'Cli', '--metric-name', 'm', '--dimensions'];
    assert.equal(
      await aws('cloudwatch', 'put-metric-data', ...metric, 'a=b,c=d', '--value', '4.5', '--unit', 'Count'),
      '',
    );
    const listed = await aws(
      'cloudwatch',
      'list-metrics',
      '--namespace',
      'Cli',
      '--query',
      'Metrics[].Dimensions[].Value',
    );
    assert.equal(listed, 'b\td');
    const time = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const window = ['--start-time', time(-10), '--end-time', time(1), '--period', '60', '--statistics', 'Sum'];
    const dimensions = ['Name=c,Value=d', 'Name=a,Value=b'];
    const query = ['--query', 'Datapoints[].[Sum,Unit]'];
    assert.equal(
      await aws('cloudwatch', 'get-metric-statistics', ...metric, ...dimensions, ...window, ...query),
      '4.5\tCount',
    );
    await assert.rejects(
      aws('cloudwatch', 'put-metric-data', '--namespace', 'AWS/Mine', '--metric-name', 'm', '--value', '1'),
      /\(InvalidParameterValue\).*The value AWS\/Mine for parameter Namespace is invalid\./,
    );
  });
});
