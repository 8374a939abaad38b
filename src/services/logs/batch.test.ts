import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBatch } from './batch.ts';

const now = new Date('2026-01-15T12:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;
const at = (offset: number, message = 'm') => ({ timestamp: now.getTime() + offset, message });
const check = (offsets: readonly number[], retention: number | null = null) =>
  checkBatch(
    offsets.map((offset) => at(offset)),
    { now, retention },
  );

test('a batch in order is taken as it is', () => {
  assert.deepEqual(check([-2, -1, -1, 0]).events.length, 4);
});

test('a batch out of order is refused', () => {
  assert.throws(() => check([0, -1]), {
    code: 'InvalidParameterException',
    message: 'Log events in a single PutLogEvents request must be in chronological order.',
  });
});

test('the limit of 1 MB counts 26 bytes for each event, and messages in UTF-8', () => {
  const fits = 1_048_576 - 26;
  assert.equal(checkBatch([at(0, 'x'.repeat(fits))], { now, retention: null }).events.length, 1);
  assert.throws(() => checkBatch([at(0, `${'x'.repeat(fits - 1)}é`)], { now, retention: null }), {
    code: 'InvalidParameterException',
    message: 'Upload too large: 1048577 bytes exceeds limit of 1048576',
  });
});

test('24 hours are taken, more is refused', () => {
  assert.equal(check([-day, 0]).events.length, 2);
  assert.throws(() => check([-day - 1, 0]), {
    message: 'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
  });
});

test('events older than 14 days and newer than 2 hours are left out, and do not count for the span', () => {
  const { events, ...rejected } = check([-15 * day, -14 * day - 1, -hour, 0, 2 * hour, 2 * hour + 1, 3 * day]);
  assert.deepEqual(
    events.map(({ timestamp }) => timestamp - now.getTime()),
    [-hour, 0, 2 * hour],
  );
  assert.deepEqual(rejected, { tooOldEnd: 2, tooNewStart: 5 });
});

test("events before the group's retention are expired", () => {
  const { events, ...rejected } = check([-20 * day, -4 * day, -hour], 3);
  assert.equal(events.length, 1);
  assert.deepEqual(rejected, { tooOldEnd: 1, expiredEnd: 2 });
});

test('a longer retention expires nothing that is not too old', () => {
  assert.deepEqual(check([-13 * day], 30), { events: [at(-13 * day)] });
});
