import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance, nearest } from './nearest.ts';

test('edit distance counts insertions, deletions, replacements and swaps', () => {
  assert.equal(editDistance('', 'abc'), 3);
  assert.equal(editDistance('kitten', 'sitting'), 3);
  assert.equal(editDistance('reszie', 'resize'), 1);
  assert.equal(nearest('reszie', ['size', 'resize']), 'resize');
  assert.equal(nearest('zzzzzz', ['size', 'resize']), undefined);
});
