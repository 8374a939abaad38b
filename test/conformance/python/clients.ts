/** boto3, old and new, and the AWS CLI, where `npm run interop` has installed them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { constrainedOperations, type ServiceName } from '../../../src/wire/index.ts';
import { type Account, openAccount } from '../iam/account.ts';

const run = promisify(execFile);

function skipped(variable: string): string | false {
  return process.env[variable] ? false : `${variable} names no folder of commands`;
}

/**
 * Runs a script that drives services through boto3 and fails where an answer is not what it should be, on a server of its own.
 * The script's last line is JSON: the operations that succeeded, by service. All that is served has to be there.
 */
export function boto3Runs(script: string, services: readonly ServiceName[]): void {
  for (const variable of ['WHIPPET_TEST_AWS_OLD', 'WHIPPET_TEST_AWS_NEW']) {
    test(`boto3 of ${variable} calls every operation of ${services.join(' and ')}`, {
      skip: skipped(variable),
    }, async () => {
      const account = await openAccount();
      try {
        const { accessKeyId, secretAccessKey } = account.server.credentials;
        const python = join(process.env[variable] as string, 'python');
        const { stdout } = await run(python, [script, account.server.url, accessKeyId, secretAccessKey]);
        assert.match(stdout, /^boto3[-/]\d/);
        const driven = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, string[]>;
        for (const service of services) {
          const left = constrainedOperations[service].filter((operation) => !driven[service]?.includes(operation));
          assert.deepEqual(left, [], `operations of ${service} that the script leaves out`);
        }
      } finally {
        await account.close();
      }
    });
  }
}

/** Runs the AWS CLI against the server of these tests and gives back what it printed. */
export type AwsCli = (...argv: string[]) => Promise<string>;

/** A journey through the AWS CLI. Each operation that the services serve has to succeed in it once. */
export function awsCli(
  name: string,
  services: readonly ServiceName[],
  body: (aws: AwsCli, t: TestContext) => Promise<void>,
): void {
  describe('the AWS CLI', { skip: skipped('WHIPPET_TEST_AWS_NEW') }, () => {
    let account: Account;
    before(async () => {
      account = await openAccount();
    });
    after(() => account.close());
    test(name, async (t) => {
      const driven = new Set<string>();
      await body(async (...argv) => {
        const printed = await call(account, argv);
        driven.add(argv.slice(0, 2).join(' '));
        return printed;
      }, t);
      const served = services.flatMap((service) =>
        constrainedOperations[service].map((operation) => `${service} ${commandOf(operation)}`),
      );
      const left = served.filter((command) => !driven.has(command));
      assert.deepEqual(left, [], 'commands that the journey leaves out');
    });
  });
}

/** `GetLogEvents` is `get-log-events`. */
function commandOf(operation: string): string {
  return operation.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
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
