/**
 * From the start of the process until `whippet up` says that it answers, its memory when idle, and what the first request of each
 * service adds. Beside it a Node that does nothing, which is how fast this machine is just now, and Moto's server.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { callerOf, queryRequest } from '../../test/server/client.ts';
import { median, memoryOf, type Options, processorTime, type Table } from './measure.ts';
import { type Running, startMoto, startWhippet } from './servers.ts';
import { withoutMoto } from './small.ts';

/** Until garbage is collected and nothing of the start goes on. */
const idleMilliseconds = 2_000;

interface Started {
  readonly milliseconds: number;
  /** Processor milliseconds until it was idle. */
  readonly processor: number;
  readonly resident: number;
  readonly own: number;
}

/** The first request of each service, in turn. */
const firstRequests: readonly (readonly [string, (server: Running) => Promise<{ status: number }>])[] = [
  ['STS', ({ url, keys }) => callerOf(url, keys).query('sts', { Action: 'GetCallerIdentity' })],
  ['S3', ({ url, keys }) => callerOf(url, keys).s3('GET', '/')],
  ['IAM', ({ url, keys }) => callerOf(url, keys).query('iam', { Action: 'ListRoles' })],
  ['Logs', ({ url, keys }) => callerOf(url, keys).json('logs', 'Logs_20140328.DescribeLogGroups', {})],
  [
    'CloudWatch',
    ({ url, keys }) =>
      callerOf(url, keys).send(queryRequest(url, 'monitoring', { Action: 'ListMetrics' }), { service: 'monitoring' }),
  ],
];

export async function measure({ quick, packageFolder, moto }: Options, folder: string): Promise<Table> {
  const rounds = quick ? 1 : 7;
  const idle = quick ? 0 : idleMilliseconds;
  const state = join(folder, 'state');
  const fresh: Started[] = [];
  const again: Started[] = [];
  const peers: Started[] = [];
  const node: number[] = [];
  await (await startWhippet(packageFolder, join(folder, 'first'))).stop(); // Fills Node's cache of compiled modules.
  for (let round = 0; round < rounds; round++) {
    node.push(bareNode());
    fresh.push(await started(await startWhippet(packageFolder, `${state}-${round}`), idle));
    again.push(await started(await startWhippet(packageFolder, `${state}-${round}`), idle));
    if (moto !== undefined) peers.push(await started(await startMoto(moto), idle));
  }
  return {
    title: `start and memory: medians of ${rounds}`,
    columns: ['', 'ready', '÷ node -e 0', 'CPU', 'resident', 'of its own'],
    rows: [
      ['node -e 0', `${median(node).toFixed(0)} ms`, '1', '', '', ''],
      row('whippet up, new state', fresh, node),
      row('whippet up, existing state', again, node),
      ...(await afterFirstRequests(await startWhippet(packageFolder, `${state}-0`), idle)),
      ...(moto === undefined ? [] : [row('moto_server', peers, node)]),
    ],
    notes: moto === undefined ? [withoutMoto] : [],
  };
}

async function started(server: Running, idle: number): Promise<Started> {
  await pause(idle);
  const measured = { milliseconds: server.startMilliseconds, processor: processorTime(server.pid) };
  const memory = memoryOf(server.pid);
  await server.stop();
  return { ...measured, ...memory };
}

function bareNode(): number {
  const began = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - began;
}

function row(name: string, measured: readonly Started[], node: readonly number[]): string[] {
  const of = (figure: (one: Started, round: number) => number): number => median(measured.map(figure));
  return [
    name,
    `${of(({ milliseconds }) => milliseconds).toFixed(0)} ms`,
    of(({ milliseconds }, round) => milliseconds / node[round]!).toFixed(1),
    `${of(({ processor }) => processor).toFixed(0)} ms`,
    `${of(({ resident }) => resident).toFixed(0)} MiB`,
    `${of(({ own }) => own).toFixed(0)} MiB`,
  ];
}

async function afterFirstRequests(server: Running, idle: number): Promise<string[][]> {
  const rows: string[][] = [];
  try {
    for (const [name, ask] of firstRequests) {
      const began = performance.now();
      const { status } = await ask(server);
      if (status !== 200) throw new Error(`${name} answered ${status}.`);
      const milliseconds = performance.now() - began;
      await pause(idle);
      const { resident, own } = memoryOf(server.pid);
      const memory = [`${resident.toFixed(0)} MiB`, `${own.toFixed(0)} MiB`];
      rows.push([`  then the first request of ${name}`, `${milliseconds.toFixed(0)} ms`, '', '', ...memory]);
    }
  } finally {
    await server.stop();
  }
  return rows;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
