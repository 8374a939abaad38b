import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import { answeringServer, type ServerStatus } from '../server/private-api.ts';
import { count } from '../terminal/numbers.ts';
import { shortPath } from '../terminal/paths.ts';
import { duration, formatBytes } from '../terminal/progress.ts';
import { serviceName } from '../terminal/service-names.ts';

export interface StatusFlags extends StateFlag {
  readonly json?: boolean;
}

/** @throws WhippetError WHIPPET_SERVER_NOT_RUNNING: the exit code tells scripts whether one runs. */
export async function runStatus(flags: StatusFlags, context: Context): Promise<void> {
  const { status, url, directory } = await answeringServer(stateOf(flags, context));
  if (flags.json) {
    context.out(`${JSON.stringify({ url, ...status }, null, 2)}\n`);
    return;
  }
  const { style, cwd } = context;
  const up = duration(Math.max(0, (Date.now() - Date.parse(status.startedAt)) / 1000));
  const facts = [
    ['Process', `${status.pid}, up ${up}, ${plural(status.requests, 'request')}`],
    ['State', shortPath(directory, cwd)],
    ['Serves', status.services.map(serviceName).join(', ')],
    ['As', `account ${status.account}, region ${status.region}`],
    ...(status.stored ? [['Stored', stored(status.stored)]] : []),
    ...(status.instances ? [['Jobs', jobs(status.instances)]] : []),
  ];
  context.out(
    [
      `${style.green('●')} ${style.bold(`Whippet ${status.version}`)} at ${style.bold(style.cyan(url))}`,
      ...facts.map(([name = '', value]) => `  ${style.dim(name.padEnd(8))}${value}`),
      '',
    ].join('\n'),
  );
}

function stored({ buckets, objects, bytes, logGroups }: NonNullable<ServerStatus['stored']>): string {
  return `${plural(buckets, 'bucket')}, ${plural(objects, 'object')} (${formatBytes(bytes)}), ${plural(logGroups, 'log group')}`;
}

/** `training/dogs-1/algo-1`, shut in by bubblewrap. */
export function jobs({ isolation, openReason, running, waitingJobs }: NonNullable<ServerStatus['instances']>): string {
  const names = running.length === 0 ? 'no instance runs' : running.map(({ name }) => name).join(', ');
  const wait =
    waitingJobs === 0 ? '' : `; ${plural(waitingJobs, 'job')} ${waitingJobs === 1 ? 'waits' : 'wait'} for cores`;
  const walls = isolation === 'process' ? `not shut in (${openReason})` : `shut in by ${isolation}`;
  return `${names}${wait}; ${walls}`;
}

function plural(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}
