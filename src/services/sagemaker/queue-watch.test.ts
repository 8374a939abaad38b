import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { watchQueue } from './queue-watch.ts';

test('a queue is looked at once for many calls, when it is open, and again after trouble with the disk', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: string[] = [];
  let looks = 0;
  let isFull = true;
  const look = (): void => {
    looks++;
    if (isFull) throw new Error('full');
  };
  const queue = watchQueue('jobs', look, { journal: { write: (_, { message }) => void told.push(message) } });
  queue.wake();
  await setImmediate();
  assert.equal(looks, 0);
  queue.open();
  queue.wake();
  await setImmediate();
  assert.deepEqual([looks, told], [1, ['jobs wait for the disk']]);
  isFull = false;
  t.mock.timers.tick(5_000);
  await setImmediate();
  assert.deepEqual([looks, told.length], [2, 1]);
  queue.close();
  queue.wake();
  await setImmediate();
  assert.equal(looks, 2);
});
