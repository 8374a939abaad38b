import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createJournal } from './journal.ts';

it('writes JSON lines with time and level', () => {
  const lines: string[] = [];
  createJournal(
    (line) => lines.push(line),
    () => new Date(0),
  ).write('warn', { message: 'hello', path: '/a' });
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [{ time: '1970-01-01T00:00:00.000Z', level: 'warn', message: 'hello', path: '/a' }],
  );
});

it('writes no secret, wherever it is', () => {
  const lines: string[] = [];
  createJournal(
    (line) => lines.push(line),
    () => new Date(0),
  ).write('info', {
    message: 'GET /b/k?X-Amz-Signature=s3cret1&X-Amz-Security-Token=s3cret2&x=1',
    headers: { Authorization: 's3cret3', 'X-Amz-Security-Token': 's3cret4', accept: '*/*' },
    nested: [{ SecretAccessKey: 's3cret5', SessionToken: 's3cret6' }],
    error: 'Error: {"SecretAccessKey":"s3cret7","SessionToken": "s3cret8"}',
    url: 'http://127.0.0.1/?AWSAccessKeyId=AKIA&Signature=s3cret9&Expires=1',
  });
  assert.doesNotMatch(lines.join('\n'), /s3cret/);
  assert.match(lines.join('\n'), /x=1/);
});
