import assert from 'node:assert/strict';
import { it } from 'node:test';
import { moment } from './logs.ts';

it('--since takes a span or a date', () => {
  const now = new Date('2026-01-31T12:00:00Z');
  for (const [text, expected] of [
    ['30s', '2026-01-31T11:59:30.000Z'],
    ['10m', '2026-01-31T11:50:00.000Z'],
    ['2h', '2026-01-31T10:00:00.000Z'],
    ['1d', '2026-01-30T12:00:00.000Z'],
    ['2026-01-01T08:00Z', '2026-01-01T08:00:00.000Z'],
  ] as const) {
    assert.equal(moment(text, now).toISOString(), expected);
  }
  for (const text of ['', '10', 'm', '10 minutes', 'yesterday', '2026-13-01'])
    assert.throws(() => moment(text, now), /10m/);
});
