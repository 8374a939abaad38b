import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOfType } from './types.ts';

/** What the SDK's CBOR reader makes of a map with a member `__proto__`. */
function posing(prototype: object): object {
  const value = {};
  Object.setPrototypeOf(value, prototype);
  return value;
}

test('what only poses as a type by its prototype is none', () => {
  assert.equal(isOfType(posing(new Date(0)), 'timestamp'), false);
  assert.equal(isOfType(posing(new Uint8Array(3)), 'blob'), false);
  assert.equal(isOfType(posing({ Namespace: 5 }), 'structure'), false);
  assert.equal(isOfType(posing({ a: 5 }), 'map'), false);
});

test('values of each type are of it', () => {
  assert.ok(isOfType(new Date(0), 'timestamp'));
  assert.ok(isOfType(Buffer.from('a'), 'blob'));
  assert.ok(isOfType({ a: 1 }, 'structure'));
  assert.ok(isOfType(Object.create(null), 'map'));
});
