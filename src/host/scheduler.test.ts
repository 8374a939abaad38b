import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createScheduler } from './scheduler.ts';

it('runs again after a failure, and tells of it', async () => {
  const told: string[] = [];
  const scheduler = createScheduler({ write: (_level, { message }) => told.push(message) });
  let runs = 0;
  // A timer that keeps no process alive needs something else to wait for.
  const alive = setInterval(() => {}, 1000);
  await new Promise<void>((resolve) => {
    scheduler.every({
      name: 'counting',
      firstAfter: 0,
      seconds: 0.001,
      run() {
        runs++;
        if (runs === 1) throw new Error('first');
        if (runs === 3) resolve();
      },
    });
  });
  clearInterval(alive);
  await scheduler.stop();
  assert.deepEqual(told, ['counting failed']);
});

it('runs early where it is told to', async () => {
  const scheduler = createScheduler({ write: () => {} });
  const alive = setInterval(() => {}, 1000);
  await new Promise<void>((resolve) =>
    scheduler.every({ name: 'early', firstAfter: 0, seconds: 3600, run: () => resolve() }),
  );
  clearInterval(alive);
  await scheduler.stop();
});

it('aborts what runs, waits for its end, and starts nothing more', async () => {
  const scheduler = createScheduler({ write: () => {} });
  const alive = setInterval(() => {}, 1000);
  let runs = 0;
  let ended = false;
  await new Promise<void>((started) => {
    scheduler.every({
      name: 'waiting',
      seconds: 0,
      async run(signal) {
        runs++;
        started();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        ended = true;
      },
    });
  });
  await scheduler.stop();
  clearInterval(alive);
  assert.deepEqual([runs, ended], [1, true]);
});
