/** The AWS CLI as tests run it: the one that `npm run interop` installs, and version 2 of the system. */
import { execFile, execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { WhippetServer } from '../../../src/server/index.ts';

const run = promisify(execFile);

export interface InstalledCli {
  readonly name: string;
  /** Undefined where it is not installed: `missing` says so. */
  readonly command: string | undefined;
  readonly missing: string;
}

/** Where a client runs: its server and a home folder without settings. */
export interface ClientPlace {
  readonly server: WhippetServer;
  readonly home: string;
  /** How the AWS CLI prints answers. Default: json. */
  readonly output?: 'json' | 'text';
}

/** Nothing of the user's own settings: only the server and its root user. */
export function clientEnvironment({ server, home }: ClientPlace): NodeJS.ProcessEnv {
  const { url, credentials, region } = server;
  return {
    PATH: process.env.PATH,
    HOME: home,
    LC_ALL: 'C.UTF-8',
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
}

/** Runs the AWS CLI. @returns what it printed. @throws with what it printed on stderr in the message. */
export async function runAws(command: string, argv: readonly string[], place: ClientPlace): Promise<string> {
  const options = { env: clientEnvironment(place), cwd: place.home };
  // Older releases of version 2 know --endpoint-url only.
  const endpoint = ['--endpoint-url', place.server.url];
  return (await run(command, [...argv, ...endpoint, '--output', place.output ?? 'json'], options)).stdout;
}

/** The first `aws` of the system that is of version 2: pip has none. */
function systemCli(): string | undefined {
  const commands = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'aws'));
  return commands.find((command) => {
    try {
      const version = execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      return version.startsWith('aws-cli/2.');
    } catch {
      return false;
    }
  });
}

export function installedClis(): readonly InstalledCli[] {
  const commands = process.env.WHIPPET_TEST_AWS_NEW;
  return [
    {
      name: 'of WHIPPET_TEST_AWS_NEW',
      command: commands ? join(commands, 'aws') : undefined,
      missing: 'WHIPPET_TEST_AWS_NEW names no folder of commands',
    },
    {
      name: '2 of the system',
      command: commands ? systemCli() : undefined,
      missing: commands ? 'the system has no AWS CLI of version 2' : 'WHIPPET_TEST_AWS_NEW is not set',
    },
  ];
}
