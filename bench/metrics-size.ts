/**
 * Size of a month of metrics: 100 series with a datum a minute (half of them fractions, half counts) and one with a datum a second,
 * put through CloudWatch's own functions, with a clock that runs ahead and the roll-up every ten minutes of it, as the server does.
 *
 *     node bench/metrics-size.ts [days]
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../src/random/index.ts';
import { cloudWatchRollUp, type Datum, putData, summaryOfValues } from '../src/services/cloudwatch/index.ts';
import { cloudWatchTables } from '../src/services/cloudwatch/tables.ts';
import { openStore } from '../src/store/index.ts';

const days = Number(process.argv[2] ?? 30);
const series = 100;
const minute = 60_000;
const target = { account: '000000000000', region: 'us-east-1', namespace: 'Bench' };

const directory = await mkdtemp(join(tmpdir(), 'whippet-metrics-'));
const store = await openStore({ directory, schemas: [cloudWatchTables], durability: 'memory' });
let now = new Date('2026-01-01T00:00:00Z');
const state = { database: store.database, clock: { now: () => now } };
const rollUp = cloudWatchRollUp(state);
const random = seededRandom(7);
const signal = new AbortController().signal;

let largest = 0;
const started = performance.now();
for (let passed = 0; passed < days * 1440; passed++) {
  putData(target, ofOneMinute(), state);
  now = new Date(now.getTime() + minute);
  if (passed % 10 === 0) await rollUp.run(signal);
  if (passed % 1440 === 0) largest = Math.max(largest, await bytesOf(directory));
}
const bytes = await bytesOf(directory);
const seconds = (performance.now() - started) / 1000;
const pages = store.database.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
const free = store.database.get<{ freelist_count: number }>('PRAGMA freelist_count')?.freelist_count ?? 0;
console.log(
  JSON.stringify({
    days,
    bytes,
    largest: Math.max(largest, bytes),
    usedBytes: (pages - free) * 4096,
    seconds: Math.round(seconds),
  }),
);
await store.close();
await rm(directory, { recursive: true });

function ofOneMinute(): Datum[] {
  const slow = Array.from({ length: series }, (_, index): Datum => {
    const value = index % 2 === 0 ? random.next() * 100 : Math.floor(random.next() * 1000);
    const dimensions = [['Instance', `i-${index}`]] as const;
    return { name: 'Load', dimensions, time: now, summary: summaryOfValues([value]) };
  });
  const fast = Array.from({ length: 60 }, (_, second): Datum => {
    const time = new Date(now.getTime() + second * 1000);
    return { name: 'Fast', time, resolution: 1, summary: summaryOfValues([random.next()]) };
  });
  return [...slow, ...fast];
}

/** With the write-ahead log. */
async function bytesOf(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('state.db'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
