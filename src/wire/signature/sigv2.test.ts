import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { AwsFault } from '../fault.ts';
import { readSignature } from './claim.ts';
import { headOf } from './testing/heads.ts';
import { createVerifier } from './verify.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const now = new Date('2015-08-30T12:36:00Z');
const verifier = createVerifier();

/** Made by boto3 1.43.11's generate_presigned_url with Config(signature_version='s3'), at that time, for an hour. */
const presigned: readonly (readonly [method: string, target: string, bucket?: string])[] = [
  [
    'GET',
    '/photos/dogs/a%20b%2B%C3%BC.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=ZRKUBkdFNjouoTa%2BW0MBv6m6fDw%3D&Expires=1440941760',
  ],
  [
    'GET',
    '/photos/x.jpg?response-content-type=text%2Fplain%3B%20charset%3Dutf-8&response-content-disposition=attachment%3B%20filename%3D%22a%20b.jpg%22&versionId=v%2B1%2F2%3D&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=KsUWpm0cBtnMIoN1xBvrZkJCAgY%3D&Expires=1440941760',
  ],
  [
    'PUT',
    '/photos/x.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=EfJQ8PMaebbdTV%2Fzj%2FvVvccVHvc%3D&content-type=image%2Fjpeg&x-amz-meta-breed=pug%20dog&x-amz-security-token=FwoGZXIvYXdzE%2F%2Babc%3D%3D&Expires=1440941760',
  ],
  [
    'PUT',
    '/photos/x.jpg?partNumber=2&uploadId=abc~d&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=cGtqvlGvBq%2F8WgrzH9VzBrdgcsU%3D&Expires=1440941760',
  ],
  [
    'GET',
    '/x/y.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=OX7BPmDqGi8cenJyAPlYeGHDOAI%3D&Expires=1440941760',
    'photos',
  ],
];

type Parts = Parameters<typeof headOf>[0];

function codeOf(parts: Parts, at = now, key = secret): string {
  try {
    const head = headOf(parts);
    const claim = readSignature(head);
    assert.equal(claim?.kind, 'sigv2-query');
    verifier.verify(head, claim!, { secret: key, now: at, family: 's3' });
    return 'accepted';
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return (error as AwsFault).code;
  }
}

test('URLs that boto3 presigned with version 2 are accepted until they expire', () => {
  for (const [method, target, bucket] of presigned) {
    const parts = { method, target, ...(bucket !== undefined && { bucket }) };
    assert.equal(codeOf(parts), 'accepted', target);
    assert.equal(codeOf(parts, new Date(1_440_941_760_000)), 'accepted');
    assert.equal(codeOf(parts, new Date(1_440_941_760_001)), 'AccessDenied');
    assert.equal(codeOf(parts, now, 'another'), 'SignatureDoesNotMatch');
    assert.equal(codeOf({ ...parts, method: 'DELETE' }), 'SignatureDoesNotMatch');
    assert.equal(codeOf({ ...parts, target: target.replace('.jpg', '.png') }), 'SignatureDoesNotMatch');
    assert.equal(codeOf({ ...parts, target: target.replace('=1440941760', '=1440941761') }), 'SignatureDoesNotMatch');
    assert.equal(codeOf({ ...parts, target: `${target}&versionId=2` }), 'SignatureDoesNotMatch');
    assert.equal(codeOf({ ...parts, headers: [['x-amz-acl', 'public-read']] }), 'SignatureDoesNotMatch');
    // Not among the sub-resources, so not signed.
    assert.equal(codeOf({ ...parts, target: `${target}&x-id=GetObject` }), 'accepted');
  }
});

test('headers, sub-resources and the bucket of a virtual host are signed as the documentation says', () => {
  const expires = '1440939000';
  const resource = '/johnsmith/photos/pup%20py.jpg?response-content-type=text/plain&uploads';
  const lines = ['PUT', 'bWQ1', 'image/jpeg', expires, 'x-amz-acl:public-read', 'x-amz-meta-a:1,2'];
  const signature = createHmac('sha1', secret)
    .update([...lines, resource].join('\n'))
    .digest('base64');
  const target = `/photos/pup%20py.jpg?uploads=&x-id=1&response-content-type=text%2Fplain&AWSAccessKeyId=AKIA&Expires=${expires}&Signature=${encodeURIComponent(signature)}`;
  const headers = [
    ['X-Amz-Meta-A', '1,2'],
    ['Content-Type', 'image/jpeg'],
    ['x-amz-acl', ' public-read '],
    ['Content-MD5', 'bWQ1'],
  ] as const;
  assert.equal(codeOf({ method: 'PUT', target, headers, bucket: 'johnsmith' }), 'accepted');
  assert.equal(codeOf({ method: 'PUT', target, headers, bucket: 'johndoe' }), 'SignatureDoesNotMatch');
  assert.equal(
    codeOf({ method: 'PUT', target, headers: headers.slice(1), bucket: 'johnsmith' }),
    'SignatureDoesNotMatch',
  );
});

test('a parameter that is missing, repeated or no number is refused', () => {
  const read = (query: string) => () => readSignature(headOf({ target: `/b/k?${query}` }));
  for (const query of [
    'AWSAccessKeyId=AKIA&Signature=x',
    'AWSAccessKeyId=AKIA&Expires=1',
    'Signature=x&Expires=1',
    'AWSAccessKeyId=AKIA&Signature=x&Signature=y&Expires=1',
    'AWSAccessKeyId=AKIA&Signature=x&Expires=soon',
  ]) {
    assert.throws(read(query), { code: 'AccessDenied', status: 403 }, query);
  }
  const form = headOf({ target: '/?Action=ListUsers&AWSAccessKeyId=AKIA&Signature=x&Expires=1' });
  assert.throws(() => readSignature(form), { code: 'IncompleteSignature' });
  const upload = { target: '/b/k?AWSAccessKeyId=AKIA&Signature=x&Expires=1' };
  const type = ['Content-Type', 'application/x-www-form-urlencoded'] as const;
  assert.equal(readSignature(headOf({ ...upload, headers: [type] }))?.kind, 'sigv2-query');
});
