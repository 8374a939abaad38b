/**
 * `node bench/server/run.ts [NAME…] [--quick] [--json] [--package FOLDER]`: what the local AWS costs. Each benchmark compares within
 * one run. Without --package the package is built into a temporary folder, so that what runs is dist/, as it is installed.
 * WHIPPET_BENCH_MOTO names a moto_server to measure beside it, WHIPPET_BENCH_AWS the `aws` to copy with. Linux only, for /proc.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Options, show, type Table } from './measure.ts';
import { buildPackage } from './package.ts';

type Measure = (options: Options, folder: string) => Promise<Table>;

const benchmarks: Readonly<Record<string, () => Promise<{ readonly measure: Measure }>>> = {
  start: () => import('./start.ts'),
  authorisation: () => import('./authorisation.ts'),
  small: () => import('./small.ts'),
  large: () => import('./large.ts'),
  photos: () => import('./photos.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'boolean' }, package: { type: 'string' } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')} here; there are ${Object.keys(benchmarks).join(', ')}.\n`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'whippet-bench-'));
try {
  const machine = `${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.versions.node}`;
  if (!values.json) process.stdout.write(`${machine}, load ${loadavg()[0]?.toFixed(1)}\n`);
  const tables: Record<string, Table> = {};
  const options: Options = {
    quick: values.quick ?? false,
    packageFolder: values.package ?? built(join(folder, 'package')),
    moto: process.env.WHIPPET_BENCH_MOTO,
    aws: process.env.WHIPPET_BENCH_AWS ?? 'aws',
  };
  for (const name of positionals.length > 0 ? positionals : Object.keys(benchmarks)) {
    const own = join(folder, name);
    mkdirSync(own);
    const { measure } = await benchmarks[name]!();
    tables[name] = await measure(options, own);
    if (!values.json) process.stdout.write(show(tables[name]));
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ machine, load: loadavg()[0], tables }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function built(target: string): string {
  mkdirSync(target);
  buildPackage(target);
  return target;
}
