/**
 * Small objects put and read over kept connections, against the bare server and Moto's. Rounds go from server to server, so that what
 * else the machine does meets all of them alike. Beside the times stands the server's own processor time per request, which other
 * work on the machine changes least.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Caller, makeBucket, startCaller } from './caller.ts';
import type { Load, LoadResult } from './client.ts';
import { median, type Options, processorTime, quantile, type Table } from './measure.ts';
import { type Running, startBare, startMoto, startWhippet } from './servers.ts';

type Case = Pick<Load, 'method' | 'size' | 'clients'>;

interface Measured {
  readonly p50: number;
  readonly p99: number;
  /** Answers a second. */
  readonly rate: number;
  /** Processor milliseconds of the server per request. */
  readonly processor: number;
}

const cases: readonly Case[] = [1_000, 50_000].flatMap((size) =>
  [1, 10].flatMap((clients) => (['PUT', 'GET'] as const).map((method) => ({ method, size, clients }))),
);

/** Before the first round, so that compilers have seen the way; Python has none. */
const warmUp = 1_000;

export async function measure({ quick, packageFolder, moto }: Options, folder: string): Promise<Table> {
  mkdirSync(join(folder, 'bare'));
  const servers = [await startWhippet(packageFolder, join(folder, 'state')), await startBare(join(folder, 'bare'))];
  if (moto !== undefined) servers.push(await startMoto(moto));
  const caller = startCaller();
  try {
    for (const server of servers) {
      await makeBucket(server);
      const requests = quick || server.name === 'moto' ? 100 : warmUp;
      for (const size of [1_000, 50_000]) await send(caller, server, { method: 'PUT', size, clients: 10 }, requests);
    }
    const found = new Map<string, Measured[]>();
    for (let round = 0; round < (quick ? 1 : 5); round++) {
      for (const asked of cases) {
        for (const server of servers) {
          const requests = quick ? 20 : server.name === 'moto' ? 100 : 600;
          const key = keyOf(asked, server.name);
          found.set(key, [...(found.get(key) ?? []), await one(caller, server, { asked, requests })]);
        }
      }
    }
    return table(found, moto);
  } finally {
    caller.stop();
    for (const server of servers) await server.stop();
  }
}

async function send(caller: Caller, server: Running, asked: Case, requests: number): Promise<LoadResult> {
  const result = await caller.send({ url: server.url, keys: server.keys, ...asked, requests, keysInTurn: 100 });
  if (result.failures > 0) throw new Error(`${result.failures} of ${requests} requests failed on ${server.name}.`);
  return result;
}

async function one(
  caller: Caller,
  server: Running,
  { asked, requests }: { asked: Case; requests: number },
): Promise<Measured> {
  const before = processorTime(server.pid);
  const { times, milliseconds } = await send(caller, server, asked, requests);
  return {
    p50: median(times),
    p99: quantile(times, 0.99),
    rate: (requests * 1000) / milliseconds,
    processor: (processorTime(server.pid) - before) / requests,
  };
}

function keyOf({ method, size, clients }: Case, name: Running['name']): string {
  return `${method} ${size} ${clients} ${name}`;
}

function table(found: ReadonlyMap<string, readonly Measured[]>, moto: string | undefined): Table {
  const rows = cases.map((asked) => {
    const over = (name: Running['name'], figure: (measured: Measured, round: number) => number): number =>
      median((found.get(keyOf(asked, name)) ?? []).map(figure));
    const ratio = (name: Running['name']): number =>
      over('whippet', ({ rate }, round) => rate / (found.get(keyOf(asked, name))?.[round]?.rate ?? Number.NaN));
    return [
      `${asked.method} ${asked.size / 1000} kB, ${asked.clients} at once`,
      `${over('whippet', ({ p50 }) => p50).toFixed(2)} ms`,
      `${over('whippet', ({ p99 }) => p99).toFixed(2)} ms`,
      `${over('whippet', ({ rate }) => rate).toFixed(0)}/s`,
      `${over('whippet', ({ processor }) => processor).toFixed(2)} ms`,
      `${over('bare', ({ p50 }) => p50).toFixed(2)} ms`,
      `${over('bare', ({ processor }) => processor).toFixed(2)} ms`,
      ratio('bare').toFixed(2),
      ...(moto === undefined ? [] : [`${over('moto', ({ p50 }) => p50).toFixed(2)} ms`, `${ratio('moto').toFixed(1)}`]),
    ];
  });
  const peers = moto === undefined ? [] : ['moto p50', '÷ moto rate'];
  return {
    title:
      'small objects: medians over rounds; ÷ is a ratio of rates within each round, CPU is the server’s per request',
    columns: ['', 'p50', 'p99', 'rate', 'CPU', 'bare p50', 'bare CPU', '÷ bare rate', ...peers],
    rows,
    notes:
      moto === undefined
        ? [withoutMoto]
        : ['Moto keeps objects in memory, waits for no disk and closes each connection; the others keep them.'],
  };
}

export const withoutMoto = 'skipped: Moto. WHIPPET_BENCH_MOTO names a moto_server (pip install "moto[server]").';
