/** The benchmarks of the server run and fill their tables. What they measure is for people, on a quiet machine. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Table } from '../../bench/server/measure.ts';
import { repository } from '../stories/whippet.ts';

const names = ['start', 'authorisation', 'small', 'large'];

test('the benchmarks of the server run', {
  skip: process.platform === 'linux' ? false : 'they read /proc',
}, async () => {
  const argv = [join(repository, 'bench/server/run.ts'), ...names, '--quick', '--json', '--package', repository];
  const { WHIPPET_BENCH_MOTO: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env });
  const { tables } = JSON.parse(stdout) as { tables: Record<string, Table> };
  assert.deepEqual(Object.keys(tables), names);
  for (const { title, columns, rows } of Object.values(tables)) {
    assert.ok(rows.length > 0, title);
    for (const row of rows) {
      assert.equal(row.length, columns.length, title);
      assert.doesNotMatch(row.join(' '), /NaN|undefined/, title);
    }
  }
});
