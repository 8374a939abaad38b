/** boto3, old and new, and the AWS CLI, where `npm run interop` has installed them. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { constrainedOperations, type ServiceName } from '../../../src/wire/index.ts';
import { openAccount } from '../iam/account.ts';
import { installedClis, runAws } from './commands.ts';

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
    const what =
      services.length > 0 ? `calls every operation of ${services.join(' and ')}` : `runs ${basename(script)}`;
    test(`boto3 of ${variable} ${what}`, {
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

/** Runs the AWS CLI against the server of these tests and gives back what it printed, as text. */
export type AwsCli = (...argv: string[]) => Promise<string>;

/** A journey through each AWS CLI that is there. Each operation that the services serve has to succeed in it once. */
export function awsCli(
  name: string,
  services: readonly ServiceName[],
  body: (aws: AwsCli, t: TestContext) => Promise<void>,
): void {
  for (const { name: cli, command, missing } of installedClis()) {
    test(`the AWS CLI ${cli}: ${name}`, { skip: command ? false : missing }, async (t) => {
      const account = await openAccount();
      const home = await mkdtemp(join(tmpdir(), 'whippet-cli-'));
      t.after(async () => {
        await account.close();
        await rm(home, { recursive: true });
      });
      const place = { server: account.server, home, output: 'text' } as const;
      const driven = new Set<string>();
      await body(async (...argv) => {
        const printed = await runAws(command as string, argv, place);
        driven.add(argv.slice(0, 2).join(' '));
        return printed.trim();
      }, t);
      const served = services.flatMap((service) =>
        constrainedOperations[service].map((operation) => `${service} ${commandOf(operation)}`),
      );
      const left = served.filter((command) => !driven.has(command));
      assert.deepEqual(left, [], 'commands that the journey leaves out');
    });
  }
}

/** `GetLogEvents` is `get-log-events`. */
function commandOf(operation: string): string {
  return operation.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}
