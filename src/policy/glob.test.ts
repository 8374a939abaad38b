import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileGlob } from './glob.ts';
import { wildcardsOf } from './pattern.ts';

function matches(pattern: string, value: string): boolean {
  return compileGlob(wildcardsOf(pattern))(value);
}

/** By the definition, and as slow. */
function naive(pattern: string, value: string): boolean {
  if (pattern === '') return value === '';
  const rest = pattern.slice(1);
  if (pattern[0] === '*') return naive(rest, value) || (value !== '' && naive(pattern, value.slice(1)));
  return value !== '' && (pattern[0] === '?' || pattern[0] === value[0]) && naive(rest, value.slice(1));
}

test('stars, question marks and plain text', () => {
  const rows: [pattern: string, value: string, expected: boolean][] = [
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['?', '', false],
    ['a*', 'a', true],
    ['*a', 'ba', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['s3:get*', 's3:getobject', true],
    ['s3:get*', 's3:putobject', false],
    ['arn:aws:s3:::photos/*.jpg', 'arn:aws:s3:::photos/a/b.jpg', true],
    ['arn:aws:s3:::photos/????-??/*', 'arn:aws:s3:::photos/2026-11/a.jpg', true],
    ['a*b?c*d', 'aXbYbZcd', true],
    ['a*b?c*d', 'aXbYbZZcd', false],
    ['**', 'anything', true],
    ['.*', 'anything', false],
    ['photos', 'photosX', false],
    ['phot?s', 'photosX', false],
  ];
  for (const [pattern, value, expected] of rows)
    assert.equal(matches(pattern, value), expected, `${pattern} ~ ${value}`);
});

test('agrees with the definition on every small pattern', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const value = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  const property = fc.property(pattern, value, (p, v) => assert.equal(matches(p, v), naive(p, v)));
  fc.assert(property, { numRuns: 3000 });
});

test('agrees with a regular expression on long runs', () => {
  const run = fc.string({ unit: fc.constantFrom('a', 'b', '?'), minLength: 25, maxLength: 80 });
  const noise = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 80 });
  const property = fc.property(run, noise, noise, noise, fc.boolean(), (part, before, after, filling, isThere) => {
    const filled = part.replace(/\?/g, () => filling[0] ?? 'c');
    const value = before + (isThere ? filled : filled.slice(1)) + after;
    const expected = new RegExp(`^.*${part.replaceAll('?', '.')}.*$`).test(value);
    assert.equal(matches(`*${part}*`, value), expected);
  });
  fc.assert(property, { numRuns: 1000 });
});

test('patterns made to be slow are not: a matcher that backtracks would not end', () => {
  const value = `${'a'.repeat(200_000)}c`;
  assert.equal(matches(`${'a*'.repeat(5000)}b`, value), false);
  assert.equal(matches(`${'*a'.repeat(5000)}*b*`, value), false);
  assert.equal(matches(`*${'a'.repeat(50_000)}b*`, value), false);
  assert.equal(matches(`${'*?'.repeat(2000)}b`, value), false);
  assert.equal(matches(`${'*a?a'.repeat(2000)}*c`, value), true);
  assert.equal(matches(`*${'a?'.repeat(2000)}b*`, value), false);
});
