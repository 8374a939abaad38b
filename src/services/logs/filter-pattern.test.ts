import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFilterPattern } from './filter-pattern.ts';

const messages = [
  '[ERROR 400] BAD REQUEST',
  '[ERROR 401] UNAUTHORIZED REQUEST',
  '[ERROR 419] MISSING ARGUMENTS',
  '[ERROR 420] INVALID ARGUMENTS',
  '[INFO 200] said "hello" \\ went',
];

/** Which of the messages, by the number in them. */
function matched(pattern: string): string[] {
  return messages.filter(parseFilterPattern(pattern)).map((message) => /\d+/.exec(message)?.[0] ?? '');
}

// The examples of AWS's page on filter patterns, and what they must find.
for (const { pattern, finds } of [
  { pattern: '', finds: ['400', '401', '419', '420', '200'] },
  { pattern: '   ', finds: ['400', '401', '419', '420', '200'] },
  { pattern: 'ERROR', finds: ['400', '401', '419', '420'] },
  { pattern: 'error', finds: [] },
  { pattern: 'ERROR ARGUMENTS', finds: ['419', '420'] },
  { pattern: '"INVALID ARGUMENTS"', finds: ['420'] },
  { pattern: '?INFO ?ARGUMENTS', finds: ['419', '420', '200'] },
  { pattern: '?"BAD REQUEST" ?MISSING', finds: ['400', '419'] },
  { pattern: 'ERROR -ARGUMENTS', finds: ['400', '401'] },
  { pattern: '-ERROR', finds: ['200'] },
  { pattern: '-"BAD REQUEST" -ARGUMENTS', finds: ['401', '200'] },
  // Optional terms are ignored beside others.
  { pattern: '?INFO ERROR', finds: ['400', '401', '419', '420'] },
  { pattern: '"said \\"hello\\""', finds: ['200'] },
  { pattern: '"\\\\ went"', finds: ['200'] },
  { pattern: '"[ERROR 400]"', finds: ['400'] },
  { pattern: 'ÜBER', finds: [] },
]) {
  test(`the pattern ${pattern} finds ${finds.join(', ') || 'nothing'}`, () =>
    assert.deepEqual(matched(pattern), finds));
}

for (const { pattern, term } of [
  { pattern: 'a@b', term: 'a@b' },
  { pattern: 'good !(bad', term: '!(bad' },
  { pattern: '"open', term: '"open' },
  { pattern: 'a"b"', term: 'a"b"' },
  { pattern: '-', term: '-' },
]) {
  test(`the pattern ${pattern} is refused in AWS's words`, () =>
    assert.throws(() => parseFilterPattern(pattern), {
      code: 'InvalidParameterException',
      status: 400,
      message: `Invalid filter pattern: Invalid character(s) in term '${term}'`,
    }));
}

for (const pattern of ['{ $.level = "ERROR" }', '[ip, user, status=404]', '%ERR.*%']) {
  test(`${pattern} is said not to be served`, () =>
    assert.throws(() => parseFilterPattern(pattern), {
      code: 'NotImplemented',
      status: 501,
      message: /not supported by Whippet/,
    }));
}
