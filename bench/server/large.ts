/**
 * One large object up and down, against the bare server that hashes and syncs too. The ratio of processor times stands beside that of
 * speeds: other work on the machine changes it less.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeBucket, startCaller } from './caller.ts';
import type { Load } from './client.ts';
import { median, type Options, processorTime, type Table } from './measure.ts';
import { startBare, startWhippet } from './servers.ts';

type Case = Pick<Load, 'method' | 'signedBody'> & { readonly name: string };

const cases: readonly Case[] = [
  { name: 'up, body signed (as clients do over HTTP)', method: 'PUT', signedBody: true },
  { name: 'up, body not signed', method: 'PUT', signedBody: false },
  { name: 'down', method: 'GET' },
];

interface Measured {
  readonly milliseconds: number;
  /** Of the server's processor. */
  readonly processor: number;
}

export async function measure({ quick, packageFolder }: Options, folder: string): Promise<Table> {
  const size = quick ? 1_000_000 : 100_000_000;
  mkdirSync(join(folder, 'bare'));
  const servers = [await startWhippet(packageFolder, join(folder, 'state')), await startBare(join(folder, 'bare'))];
  const caller = startCaller();
  const found = new Map<string, Measured[]>();
  try {
    for (const server of servers) await makeBucket(server);
    // The first round is not counted.
    for (let round = 0; round < (quick ? 2 : 8); round++) {
      for (const { name, ...asked } of cases) {
        for (const server of servers) {
          const before = processorTime(server.pid);
          const load = { url: server.url, keys: server.keys, ...asked, size, requests: 1, keysInTurn: 1, clients: 1 };
          const { milliseconds, failures } = await caller.send(load);
          if (failures > 0) throw new Error(`${server.name} failed: ${name}.`);
          const measured = { milliseconds, processor: processorTime(server.pid) - before };
          const key = `${name} ${server.name}`;
          if (round > 0) found.set(key, [...(found.get(key) ?? []), measured]);
        }
      }
    }
  } finally {
    caller.stop();
    for (const server of servers) await server.stop();
  }
  const rows = cases.map(({ name }) => {
    const ours = found.get(`${name} whippet`) ?? [];
    const bare = found.get(`${name} bare`) ?? [];
    const of = (measured: readonly Measured[]): number => median(measured.map(({ milliseconds }) => milliseconds));
    const cpu = (measured: readonly Measured[]): number => median(measured.map(({ processor }) => processor));
    const ratio = median(ours.map(({ milliseconds }, round) => bare[round]!.milliseconds / milliseconds));
    return [
      name,
      `${of(ours).toFixed(0)} ms`,
      `${cpu(ours).toFixed(0)} ms`,
      `${of(bare).toFixed(0)} ms`,
      `${cpu(bare).toFixed(0)} ms`,
      ratio.toFixed(2),
      // The clock of processor time ticks every 10 ms: a quick run may fall between two ticks.
      cpu(ours) > 0 ? (cpu(bare) / cpu(ours)).toFixed(2) : '–',
    ];
  });
  return {
    title: `${size / 1e6} MB: medians over rounds; ÷ bare is the ratio of speeds within each round, more is better`,
    columns: ['', 'time', 'CPU', 'bare time', 'bare CPU', '÷ bare', '÷ bare CPU'],
    rows,
    notes: [],
  };
}
