import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseViews, viewName } from './views.ts';

test('center, flip and a number of random crops are views', () => {
  assert.deepEqual(parseViews('center', 7), [{ kind: 'center' }]);
  assert.deepEqual(parseViews('center, flip', 7), [{ kind: 'center' }, { kind: 'flip' }]);
  assert.deepEqual(parseViews('2', 7), [
    { kind: 'random', index: 0, seed: 7 },
    { kind: 'random', index: 1, seed: 7 },
  ]);
});

test('anything else is a usage error that repeats the value', () => {
  for (const text of ['', '0', '65', '-1', '1.5', 'centre', 'center,center', 'center,3']) {
    assert.throws(() => parseViews(text, 1), {
      code: 'WHIPPET_FEATURES_VIEWS',
      exitCode: 2,
      message: new RegExp(`^"${text}"`),
    });
  }
});

test('views that crop differently have different names', () => {
  const views = [...parseViews('center,flip', 1), ...parseViews('3', 1), ...parseViews('3', 2)];
  assert.equal(new Set(views.map(viewName)).size, views.length);
});
