import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DoneObject, failureOf } from './progress.ts';

const done = (count: number, problem: string | null): DoneObject[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `${problem === null ? 'good' : 'bad'}/${i}.jpg`,
    etag: 'e',
    problem,
  }));

test('a job without problems has no reason to fail', () => {
  assert.equal(failureOf(done(3, null)), undefined);
  assert.equal(failureOf([]), undefined);
});

test('the objects without a result are named, and how many have one', () => {
  assert.equal(
    failureOf([...done(4, null), ...done(1, '415: no picture.')]),
    'ClientError: 1 of 5 objects could not be transformed; the results of the other 4 are written. See job logs for more information. "bad/0.jpg": 415: no picture.',
  );
});

test('a problem that many have is told once', () => {
  assert.equal(
    failureOf([...done(3, '406: no such type.'), ...done(1, '415: no picture.')]),
    'ClientError: 4 of 4 objects could not be transformed. See job logs for more information. "bad/0.jpg" and 2 more: 406: no such type. "bad/0.jpg": 415: no picture.',
  );
});

test('a reason keeps to the 1024 characters that it may have', () => {
  const different = done(500, '').map((object, at) => ({ ...object, problem: `${at} `.padEnd(100, 'x') }));
  const reason = failureOf(different) ?? '';
  assert.ok(reason.length <= 1024 && reason.length > 850, `${reason.length}`);
  const [, left] = /And (\d+) more\.$/.exec(reason) ?? [];
  const named = reason.match(/"bad\/\d+\.jpg"/g)?.length ?? 0;
  assert.equal(Number(left) + named, 500);
});
