import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ruleCatalog } from './catalog.ts';
import { ruleTable } from './rule-table.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');

test('docs/rules.md holds the rules as the catalogue has them', () => {
  for (const kind of ['debugger', 'profiler'] as const) {
    assert.ok(page.includes(ruleTable(kind)), `The ${kind} rules of docs/rules.md should be:\n\n${ruleTable(kind)}\n`);
  }
});

test('docs/rules.md has a row for each rule in the table of real jobs', () => {
  for (const { name } of ruleCatalog) assert.match(page, new RegExp(`^\\| ${name} \\| `, 'm'), name);
});
