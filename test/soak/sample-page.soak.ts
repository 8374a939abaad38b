/** docs/sample.md: its commands on the whole sample, and the figure that it gives for them. */
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandsOf } from '../stories/page-commands.ts';
import { repository, whippetIn } from '../stories/whippet.ts';

const page = 'docs/sample.md';

test('the page about the sample shows commands that work, and what comes of them', async (t) => {
  const whippet = await whippetIn('sample');
  t.after(() => rm(whippet.home, { recursive: true }));
  const [draw = [], train = [], ...none] = await commandsOf(page);
  assert.deepEqual([draw[0], train[0], none], ['data', 'train', []]);
  const drawn = await whippet.run(draw);
  assert.equal(drawn.code, 0, drawn.err);
  assert.match(drawn.out, /672/);
  const trained = await whippet.run(train);
  assert.equal(trained.code, 0, trained.err);
  const text = await readFile(join(repository, page), 'utf8');
  const [, expected = ''] = /^\| `--weight-decay 1` \| ([\d.]+ %)/m.exec(text) ?? [];
  assert.ok(trained.out.includes(expected), `${page} says ${expected}:\n${trained.out}`);
});
