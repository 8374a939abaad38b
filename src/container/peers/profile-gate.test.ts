import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SystemSample } from '../../rules/index.ts';
import { profileGate } from './profile-gate.ts';
import { openProfileOutlet } from './profile-outlet.ts';

const now = 1_700_000_000_000;
const sample: SystemSample = {
  ...{ kind: 'system', host: 'algo-2', time: now / 1000, cpu: [3, 90], ownCpu: 40, ioWait: 1 },
  ...{ memory: { used: 1, total: 2 }, disk: { read: 0, written: 5 }, network: { received: 1, sent: 1 } },
  gpu: [{ utilization: 90, memory: 3 }],
};
const phase = { kind: 'phase', host: 'algo-2', name: 'reading', start: now / 1000 - 5, end: now / 1000 };
const timing = { kind: 'timing', host: 'algo-2', epoch: 1, step: 3, steps: 4, start: now / 1000 - 1, seconds: 1 };
const gate = () => profileGate('algo-2', () => now);

test('sound records pass, under the name of the connection and with no more members than they have', () => {
  const claimed = [sample, phase, timing].map((record) => ({ ...record, host: 'algo-1', more: 'x' }));
  assert.deepEqual(gate()(claimed), [sample, phase, timing]);
});

test('what is no record, or holds what no machine tells, is dropped without a word', () => {
  for (const wrong of [undefined, 'x', {}, 7]) assert.deepEqual(gate()(wrong), []);
  const broken = [
    ...[null, 7, 'x', {}, { kind: 'step' }, { ...sample, time: Number.NaN }, { ...sample, time: now }],
    ...[
      { ...sample, cpu: [101] },
      { ...sample, cpu: 'x' },
      { ...sample, cpu: Array(1025).fill(1) },
    ],
    ...[
      { ...sample, ownCpu: -1 },
      { ...sample, ioWait: null },
      { ...sample, memory: { used: 1 } },
    ],
    ...[
      { ...sample, disk: [] },
      { ...sample, gpu: [{ utilization: 900, memory: 0 }] },
      { ...sample, gpu: [null] },
    ],
    ...[
      { ...phase, name: '<b>' },
      { ...phase, name: 'x'.repeat(65) },
      { ...phase, end: phase.start - 1 },
    ],
    ...[
      { ...phase, start: 0 },
      { ...timing, seconds: 1e300 },
      { ...timing, steps: 0 },
      { ...timing, step: 1.5 },
    ],
  ];
  assert.deepEqual(gate()([...broken, sample]), [sample]);
});

test('a flood is cut off, and a steady rate is not', () => {
  let time = now;
  const take = profileGate('algo-2', () => time);
  assert.equal(take(Array(100_000).fill(sample)).length, 1000);
  assert.equal(take([sample]).length, 0);
  time += 1000;
  assert.equal(take(Array(100).fill(sample)).length, 50);
  for (let tenths = 0; tenths < 100; tenths++) {
    time += 100;
    assert.equal(take([sample]).length, 1);
  }
});

test('records wait for the leader, the newest of them', () => {
  const outlet = openProfileOutlet();
  const sent: number[] = [];
  for (let time = 0; time < 1000; time++) outlet.add({ ...sample, time });
  outlet.connect((record) => sent.push((record as SystemSample).time));
  outlet.add({ ...sample, time: 1000 });
  assert.deepEqual([sent.length, sent[0], sent.at(-1)], [601, 400, 1000]);
});
