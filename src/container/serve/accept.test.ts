import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiate } from './accept.ts';

function kindFor(accept: string | undefined): string {
  return negotiate({ accept, query: new URLSearchParams(), classes: 133 }).kind;
}

test('logits are the default, labels are for those who prefer them', () => {
  const logits = [
    undefined,
    '*/*',
    'application/*',
    'application/json',
    'text/html, application/xhtml+xml, */*;q=0.8',
    'application/json, application/vnd.whippet+json',
    'application/vnd.whippet+json;q=0.5, application/json',
    'application/vnd.whippet+json;q=0, */*',
    'application/json; charset=utf-8',
  ];
  for (const accept of logits) assert.equal(kindFor(accept), 'logits', accept);
  const labelled = [
    'application/vnd.whippet+json',
    'Application/Vnd.Whippet+JSON;top=3',
    'application/vnd.whippet+json, */*;q=0.1',
    'application/json;q=0.2, application/vnd.whippet+json;q=0.9',
    'application/json;q=0, */*',
  ];
  for (const accept of labelled) assert.equal(kindFor(accept), 'labelled', accept);
});

test('what nobody can give is refused', () => {
  for (const accept of ['text/csv', 'image/*', '', ';;;', '*/*;q=0', 'application/json;q=0']) {
    assert.throws(() => kindFor(accept), { code: 'WHIPPET_SERVE_NOT_ACCEPTABLE' }, accept);
  }
});

test('five labels by default, or all where there are fewer', () => {
  const ask = (classes: number): unknown =>
    negotiate({ accept: 'application/vnd.whippet+json', query: new URLSearchParams(), classes });
  assert.deepEqual(ask(133), { kind: 'labelled', top: 5 });
  assert.deepEqual(ask(2), { kind: 'labelled', top: 2 });
});
