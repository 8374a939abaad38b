import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTime } from './time.ts';

test('dates of every precision', () => {
  const rows: [text: string, iso: string][] = [
    ['2026-11', '2026-11-01T00:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21T10', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:20Z', '2026-11-21T10:20:00.000Z'],
    ['2026-11-21T10:20:30Z', '2026-11-21T10:20:30.000Z'],
    ['2026-11-21t10:20:30.1234z', '2026-11-21T10:20:30.123Z'],
    ['2026-11-21T10:20:30+02:00', '2026-11-21T08:20:30.000Z'],
    ['2026-11-21T10:20:30-0130', '2026-11-21T11:50:30.000Z'],
    ['2016-12-13t2:00:00.593194+23', '2016-12-12T03:00:00.593Z'],
    ['1763720430', '2025-11-21T10:20:30.000Z'],
  ];
  for (const [text, iso] of rows) assert.equal(parseTime(text), Date.parse(iso), text);
});

test('years beyond what a date can hold compare as the ends of time', () => {
  assert.equal(parseTime('-292275054'), Number.NEGATIVE_INFINITY);
  assert.equal(parseTime('292275054-01'), Number.POSITIVE_INFINITY);
  assert.equal(parseTime('0001-01-01T00:00:00Z'), Date.parse('0001-01-01T00:00:00Z'));
});

test('what is no date', () => {
  const texts = ['', 'b', '234-13', '2016-12-32', '2016-12-13T24', '2016-12-13T2:60', '2016-12-13t2:00:00.593194+1'];
  texts.push(
    '2016-12-13t2:00:00.1999999999+10:59',
    '9223372036854775808',
    '2026-11-21 10:20',
    '2026-11-21T10:20:30+24',
  );
  for (const text of texts) assert.equal(parseTime(text), undefined, text);
});
