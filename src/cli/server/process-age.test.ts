import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { livesSince } from './process-age.ts';

it('a process is the one of then while it lives, and no other that got its id', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log()'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const pid = child.pid as number;
  await once(child.stdout, 'data');
  const now = new Date();
  assert.equal(livesSince(pid, now), true);
  // Whoever had this id an hour ago was another: this one is younger.
  assert.equal(livesSince(pid, new Date(now.getTime() - 3_600_000)), false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(livesSince(pid, now), false);
});
