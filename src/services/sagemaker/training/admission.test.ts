import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { admit, threadsOf, waitingMessage } from './admission.ts';

const job = (id: number, instances = 1, share = 1) => ({ id, instances, share });

test('an instance gets its part of the cores, and one thread at least', () => {
  assert.equal(threadsOf(job(1), 8), 8);
  assert.equal(threadsOf(job(1, 3), 8), 2);
  assert.equal(threadsOf(job(1, 1, 2), 8), 4);
  assert.equal(threadsOf(job(1, 20), 8), 1);
});

test('jobs start in their order as long as there is room, the first in any case', () => {
  assert.deepEqual(admit([job(1), job(2)], { running: [], cores: 4 }), { admitted: [1], waiting: [2] });
  assert.deepEqual(admit([job(1, 9)], { running: [], cores: 4 }), { admitted: [1], waiting: [] });
  assert.deepEqual(admit([job(2, 9)], { running: [job(1, 1, 4)], cores: 4 }), { admitted: [], waiting: [2] });
  const trials = [1, 2, 3].map((id) => job(id, 1, 2));
  assert.deepEqual(admit(trials, { running: [], cores: 4 }), { admitted: [1, 2], waiting: [3] });
});

test('a large job is not overtaken by small ones', () => {
  const queue = [job(2, 4), job(3, 1, 4)];
  assert.deepEqual(admit(queue, { running: [job(1, 1, 4)], cores: 4 }), { admitted: [], waiting: [2, 3] });
});

test('whatever waits, the order is kept, and more than the cores are used by a single job only', () => {
  const some = fc.record({ instances: fc.integer({ min: 1, max: 20 }), share: fc.integer({ min: 1, max: 10 }) });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), fc.integer({ min: 1, max: 16 }), (shapes, cores) => {
      const queue = shapes.map((shape, id) => ({ id, ...shape }));
      const { admitted, waiting } = admit(queue, { running: [], cores });
      assert.deepEqual(
        [...admitted, ...waiting],
        queue.map(({ id }) => id),
      );
      const used = admitted.map((id) => queue[id]!).reduce((sum, it) => sum + it.instances * threadsOf(it, cores), 0);
      assert.ok(used <= cores || admitted.length === 1);
      assert.ok(queue.length === 0 || admitted.length > 0);
    }),
  );
});

test('the message counts cores and jobs', () => {
  assert.equal(
    waitingMessage(0, 1),
    'Waiting while the core of this machine is in use by other jobs. This job is the next.',
  );
  assert.match(waitingMessage(1, 2), /2 cores of this machine are in use by other jobs\. 1 job is before this one\.$/);
  assert.match(waitingMessage(5, 2), /5 jobs are before this one\.$/);
});
