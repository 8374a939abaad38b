import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAllowance } from './allowance.ts';

test('what is full lends nothing; then each take has to be paid for', () => {
  let time = 0;
  const allowance = createAllowance({ full: 100, perSecond: 10, now: () => time });
  assert.equal(allowance.take(100), 0);
  assert.equal(allowance.take(5), 500);
  time += 500;
  assert.equal(allowance.take(10), 1000);
  time += 1000;
  assert.equal(allowance.take(0), 0);
  // Never fuller than full.
  time += 3_600_000;
  assert.equal(allowance.take(100), 0);
  assert.equal(allowance.take(1), 100);
});
