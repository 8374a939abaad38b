import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byRule } from './deliver.ts';

test('files of rules are found by the rule, in a time that grows with their number and not its square', {
  timeout: 2_000,
}, () => {
  const file = (path: string) => ({ path, size: 0, modified: 0, executable: false });
  const many = Array.from({ length: 60_000 }, (_, at) => file(`Overfit/${at}`));
  const groups = byRule([file('Overfit.json'), ...many, file('Loss/a/b')]);
  assert.deepEqual([...groups.keys()], ['Overfit', 'Loss']);
  assert.deepEqual([groups.get('Overfit')?.length, groups.get('Overfit')?.[0]?.as], [60_001, 'Overfit.json']);
  assert.equal(groups.get('Loss')?.[0]?.as, 'a/b');
});
