import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { openLogFile } from './log-file.ts';

it('a log keeps to its limit, with what was last said and as much again before it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'whippet-log-'));
  const path = join(folder, 'deep/server.log');
  const log = openLogFile(path, 100);
  // Another that holds the file open, as standard error of a server in the background does.
  const other = openSync(path, 'a');
  for (let index = 10; index < 50; index++) log.write(`line ${index}`);
  writeSync(other, 'crash\n');
  log.close();
  closeSync(other);
  const [now, before] = [readFileSync(path, 'utf8'), readFileSync(`${path}.1`, 'utf8')];
  assert.ok(now.endsWith('line 49\ncrash\n'), now);
  assert.ok(now.length <= 106 && before.length <= 100);
  assert.ok((before + now).startsWith('line'));
  const numbers = [...(before + now).matchAll(/line (\d+)/g)].map((match) => Number(match[1]));
  assert.deepEqual(
    numbers,
    Array.from({ length: numbers.length }, (_, index) => 50 - numbers.length + index),
  );
  const again = openLogFile(path, 100);
  again.write('next');
  again.close();
  assert.ok(readFileSync(path, 'utf8').endsWith('crash\nnext\n'));
  await rm(folder, { recursive: true });
});
