import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigningKeys } from './keys.ts';

const scope = { date: '20150830', region: 'us-east-1', service: 'iam' };

test("the key of AWS's documentation is derived", () => {
  const key = createSigningKeys().of('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope);
  assert.equal(key.export().toString('hex'), 'c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9');
});

test('keys are kept, those used last when there is no room, and never mixed up', () => {
  const keys = createSigningKeys(2);
  const first = keys.of('a', scope);
  assert.equal(keys.of('a', scope), first);
  const second = keys.of('b', scope);
  assert.notDeepEqual(second.export(), first.export());
  assert.notDeepEqual(keys.of('a', { ...scope, service: 's3' }).export(), first.export());
  assert.notEqual(keys.of('a', scope), first, 'made anew');
  assert.notEqual(keys.of('b', scope), second, 'made anew');
});
