import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseResourceArn, resourceArn } from './arns.ts';
import { requireWhippetImage } from './image.ts';
import { formatListToken, parseListToken } from './list-token.ts';
import { refuseNested } from './nested-fields.ts';
import { below, formatS3Uri, parseS3Uri } from './s3-uri.ts';

const place = { account: '000000000000', region: 'eu-west-1' };

test('ARNs have names in lower case and are read in their own account and region only', () => {
  const arn = resourceArn('training-job', 'Dogs-1', place);
  assert.equal(arn, 'arn:aws:sagemaker:eu-west-1:000000000000:training-job/dogs-1');
  assert.deepEqual(parseResourceArn(arn, place), { kind: 'training-job', name: 'dogs-1' });
  assert.equal(parseResourceArn(arn, { ...place, region: 'us-east-1' }), undefined);
  assert.equal(parseResourceArn(arn.replace('sagemaker', 's3'), place), undefined);
});

test('S3 URIs', () => {
  assert.deepEqual(parseS3Uri('s3://b', 'm'), { bucket: 'b', key: '' });
  assert.deepEqual(parseS3Uri('s3://b/a//b/', 'm'), { bucket: 'b', key: 'a//b/' });
  for (const wrong of ['', 's3:/b', 'https://b/k', 's3:///k', 'b/k']) {
    assert.throws(() => parseS3Uri(wrong, 'm'), { code: 'ValidationException' }, wrong);
  }
  assert.equal(formatS3Uri(below({ bucket: 'b', key: 'out/' }, 'job', 'model')), 's3://b/out/job/model');
  assert.equal(formatS3Uri(below({ bucket: 'b', key: '' }, 'job')), 's3://b/job');
});

test('images: whippet, or an ECR repository of that name', () => {
  const digest = `@sha256:${'0'.repeat(64)}`;
  const registry = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
  for (const image of ['whippet', 'whippet:1.2', `${registry}/whippet`, `${registry}/team/whippet:latest${digest}`]) {
    requireWhippetImage(image, 'TrainingImage');
  }
  for (const image of [
    '',
    'whippets',
    'my-whippet',
    `${registry}/xgboost:1`,
    'docker.io/whippet',
    `${registry}/whippet/x`,
  ]) {
    assert.throws(() => requireWhippetImage(image, 'TrainingImage'), { code: 'ValidationException' }, image);
  }
});

test('tokens hold what they were made of, and nothing else is one', () => {
  const position = { order: 'Name up', value: 'a', id: 3 };
  assert.deepEqual(parseListToken(formatListToken(position), 'Name up'), position);
  const wrong = [
    '',
    'x',
    Buffer.from('[]').toString('base64url'),
    Buffer.from('["Name up",{},3]').toString('base64url'),
  ];
  for (const token of wrong)
    assert.throws(() => parseListToken(token, 'Name up'), /pagination token is invalid/, token);
  assert.throws(() => parseListToken(formatListToken(position), 'Name down'), /pagination token is invalid/);
});

test('nested members are refused by their path, with value and remedy', () => {
  const fields = { 'A.B': 'refused', 'L[].Mode': ['x', 'y'], 'L[].Kept': 'stored', 'A.List': 'refused' } as const;
  const code = 'NotImplemented';
  const refuse = (input: object) => () => refuseNested(input, fields, 'Create');
  refuse({ A: { C: 1, B: undefined }, L: [{ Mode: 'x', Kept: { deep: 1 } }], B: 1 })();
  assert.throws(refuse({ A: { B: 'v' } }), {
    code,
    message: 'A.B of Create is not supported by Whippet (received "v"): leave it out.',
  });
  assert.throws(refuse({ A: { List: [] } }), {
    code,
    message: 'A.List of Create is not supported by Whippet: leave it out.',
  });
  assert.throws(refuse({ L: [{ Mode: 'x' }, { Mode: 'z' }] }), { code, message: /received "z"\): use "x" or "y"\.$/ });
});
