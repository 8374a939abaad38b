import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logLine } from './request-line.ts';
import { styleFor } from './style.ts';

const plain = styleFor(false);
const time = '2026-01-31T12:00:00.000Z';
const line = (entry: object, width = 120): string =>
  logLine(JSON.stringify({ time, level: 'info', ...entry }), plain, width).slice('00:00:00  '.length);

describe('the log for people', () => {
  it('has a line for each request: outcome, operation, time, who, path', () => {
    const request = {
      ...{ message: 'request', method: 'PUT', path: '/my-data/a%20b.jpg', service: 's3', operation: 'PutObject' },
      ...{ principal: 'arn:aws:sts::000000000000:assumed-role/Trainer/job-1', status: 200, milliseconds: 3.25 },
    };
    assert.equal(
      line(request),
      `200  ${'S3 PutObject'.padEnd(30)}  ${'3.3 ms'.padStart(10)}  Trainer/job-1       /my-data/a%20b.jpg`,
    );
  });

  it('tells what was not recognised by its method, and keeps to a width', () => {
    const request = {
      message: 'request',
      method: 'TRACE',
      path: `/${'x'.repeat(500)}`,
      status: 405,
      milliseconds: 0.1,
    };
    assert.match(line(request), /^405 {2}TRACE /);
    for (const width of [60, 80, 90, 100, 120, 300]) {
      assert.ok('00:00:00  '.length + line(request, width).length <= width, String(width));
    }
    assert.match(line({ ...request, path: `${request.path}/end.jpg` }, 100), /…x+\/end\.jpg$/);
  });

  it('shows the rest as sentences, without control characters', () => {
    assert.equal(line({ level: 'warn', message: 'a task failed', name: 'prune' }), '! a task failed  name prune');
    assert.ok(!line({ message: 'request', method: 'GET', path: '/\u001b[31m', status: 200 }).includes('\u001b'));
    assert.ok(!line({ level: 'error', message: 'defect', error: 'Error: \u001b[2J' }).includes('\u001b'));
  });
});
