import assert from 'node:assert/strict';
import { test } from 'node:test';
import { continued } from './start.ts';

const last = (...lines: readonly string[]): string => lines.reduce(continued, '');

test('the last complaint is an error with what to do about it', () => {
  assert.equal(
    last('a warning', 'The variable is no number.', '  See the page.', ''),
    'The variable is no number. See the page.',
  );
  const crash = last('file:///a.ts:1', 'TypeError: x', '    at a (a.ts:1)', '', 'Node.js v24.1.0');
  assert.equal(crash, 'TypeError: x at a (a.ts:1)');
  assert.equal(last('one', 'two'), 'two');
  assert.ok(last('long', ...Array.from({ length: 500 }, () => '    at somewhere')).length <= 1000);
});
