import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatArn, parseArn, splitArn } from './arn.ts';

test('an ARN has six parts, and the last keeps its colons', () => {
  assert.deepEqual(parseArn('arn:aws:lambda:us-east-1:000000000000:function:front:live'), {
    partition: 'aws',
    service: 'lambda',
    region: 'us-east-1',
    account: '000000000000',
    resource: 'function:front:live',
  });
  assert.equal(parseArn('arn:aws:s3:::photos/a/b.jpg')?.resource, 'photos/a/b.jpg');
});

test('what is no ARN is undefined', () => {
  for (const text of [
    '',
    '*',
    'arn',
    'arn:aws:s3',
    'arn:aws:s3::',
    'arn:aws:s3:::',
    'arn::s3:::b',
    'arn:aws::::b',
    'urn:aws:s3:::b',
  ]) {
    assert.equal(parseArn(text), undefined, text);
  }
});

test('patterns split like ARNs', () => {
  assert.deepEqual(splitArn('arn:*:s3:::b*'), ['arn', '*', 's3', '', '', 'b*']);
  assert.equal(splitArn('arn:aws:s3:*'), undefined);
});

test('formatting undoes parsing', () => {
  const part = fc.string({ minLength: 1 }).filter((text) => !text.includes(':'));
  const maybe = fc.string().filter((text) => !text.includes(':'));
  const arn = fc.record({
    partition: part,
    service: part,
    region: maybe,
    account: maybe,
    resource: fc.string({ minLength: 1 }),
  });
  fc.assert(fc.property(arn, (value) => assert.deepEqual(parseArn(formatArn(value)), { ...value })));
});
