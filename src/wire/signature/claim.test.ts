import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AwsFault } from '../fault.ts';
import { readSignature } from './claim.ts';
import { headOf } from './testing/heads.ts';
import { createVerifier } from './verify.ts';

const now = new Date('2015-08-30T12:36:00Z');
const signature = 'a'.repeat(64);
const credential = 'AKIDEXAMPLE/20150830/us-east-1/s3/aws4_request';
const authorisation = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${signature}`;
type Parts = Parameters<typeof headOf>[0];
type Pair = readonly [string, string];
const date: Pair = ['X-Amz-Date', '20150830T123600Z'];
const host: Pair = ['Host', 'localhost'];
const payload: Pair = ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'];
const json: Pair = ['X-Amz-Target', 'Logs_20140328.PutLogEvents'];
const form: Pair = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'];

function outcome(parts: Parts, family: 's3' | 'other' = 's3'): string {
  try {
    const head = headOf(parts);
    const claim = readSignature(head);
    if (claim === undefined) return 'anonymous';
    createVerifier().verify(head, claim, { secret: 'top secret', now, family, bodyHash: signature });
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof AwsFault, String((error as Error).stack));
    const told = [error.message, ...Object.values(error.fields)].join();
    assert.ok(!told.includes('top secret'));
    assert.doesNotMatch(told, /[^\P{Cc}\n\t\x80-\x9f]/u, 'XML could not say it');
    return `${error.status} ${error.code}`;
  }
}

const withHeader = (value: string, ...more: Pair[]): Parts => ({ headers: [host, ['Authorization', value], ...more] });

test('a request without signature is anonymous', () => {
  assert.equal(outcome({ target: '/b/k?Expires=1&x=2' }), 'anonymous');
});

test('a malformed Authorization header is refused in the words of its service', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    // Authorization, S3, query, JSON
    ['', '400 InvalidArgument', '400 IncompleteSignature', '400 IncompleteSignatureException'],
    ['Basic dXNlcjpwYXNz', '400 InvalidArgument', '400 IncompleteSignature', '400 IncompleteSignatureException'],
    ['AWS AKIA:c2ln', '400 InvalidRequest', '400 IncompleteSignature', '400 IncompleteSignatureException'],
    ['AWS4-ECDSA-P256-SHA256 x', '400 InvalidRequest', '400 IncompleteSignature', '400 IncompleteSignatureException'],
    [
      'AWS4-HMAC-SHA256',
      '400 AuthorizationHeaderMalformed',
      '400 IncompleteSignature',
      '400 IncompleteSignatureException',
    ],
    [
      `${authorisation}, Signature=b`,
      '400 AuthorizationHeaderMalformed',
      '400 IncompleteSignature',
      '400 IncompleteSignatureException',
    ],
  ];
  for (const [value, s3, query, ofJson] of cases) {
    assert.equal(outcome(withHeader(value, date)), s3, value);
    assert.equal(outcome(withHeader(value, date, form)), query, value);
    assert.equal(outcome(withHeader(value, date, json)), ofJson, value);
  }
  const iam = authorisation.replace('/s3/', '/iam/');
  const s3 = (from: string, to: string) => outcome(withHeader(authorisation.replace(from, to), date, payload));
  const other = (from: string, to: string) => outcome(withHeader(iam.replace(from, to), date, form), 'other');
  assert.equal(s3('AKIDEXAMPLE/', ''), '400 AuthorizationHeaderMalformed');
  assert.equal(other('AKIDEXAMPLE/', ''), '400 IncompleteSignature');
  assert.equal(s3('AKIDEXAMPLE', 'A\0B'), '400 AuthorizationHeaderMalformed');
  assert.equal(s3('aws4_request', 'aws5'), '400 AuthorizationHeaderMalformed');
  assert.equal(other('aws4_request', 'aws5'), '403 SignatureDoesNotMatch');
  assert.equal(s3('20150830', '20150831'), '400 AuthorizationHeaderMalformed');
  assert.equal(other('20150830', '20150831'), '403 SignatureDoesNotMatch');
  assert.equal(s3('host;', 'Host;'), '400 AuthorizationHeaderMalformed');
  assert.equal(other('host;', 'host;;'), '400 IncompleteSignature');
  assert.equal(s3('/s3/', '/iam/'), '400 AuthorizationHeaderMalformed');
  assert.equal(s3('host;', ''), '403 AccessDenied');
  assert.equal(other('host;', ''), '403 SignatureDoesNotMatch');
  assert.equal(s3('', ''), '403 SignatureDoesNotMatch');
  assert.equal(other('', ''), '403 SignatureDoesNotMatch');
  assert.equal(outcome(withHeader(iam, date, json), 'other'), '400 InvalidSignatureException');
});

test('S3 wants a date, a payload and every x-amz header signed', () => {
  assert.equal(outcome(withHeader(authorisation, payload)), '403 AccessDenied');
  assert.equal(outcome(withHeader(authorisation, payload, ['x-amz-date', 'today'])), '403 AccessDenied');
  assert.equal(outcome(withHeader(authorisation, payload, date, date)), '403 AccessDenied');
  assert.equal(outcome(withHeader(authorisation, payload, ['x-amz-date', '20150230T123600Z'])), '403 AccessDenied');
  assert.equal(outcome(withHeader(authorisation, date)), '400 InvalidRequest');
  assert.equal(outcome(withHeader(authorisation, date, ['x-amz-content-sha256', 'abc'])), '400 InvalidArgument');
  assert.equal(outcome(withHeader(authorisation, date, payload, ['X-Amz-Acl', 'private'])), '403 AccessDenied');
  assert.equal(outcome(withHeader(authorisation, date, payload, ['X-Amz-Security-Token', 'a b'])), '400 InvalidToken');
  assert.throws(
    () => {
      const head = headOf(withHeader(authorisation, date, payload, ['X-Amz-Acl', 'private'], ['x-amz-meta-A', '']));
      createVerifier().verify(head, readSignature(head)!, { secret: 'x', now, family: 's3' });
    },
    { fields: { HeadersNotSigned: 'x-amz-acl, x-amz-meta-a' } },
  );
});

test('a date in the Date header serves where there is no other', () => {
  const claim = readSignature(headOf(withHeader(authorisation, ['Date', 'Sun, 30 Aug 2015 12:36:00 GMT'])));
  assert.equal(claim?.kind === 'sigv4-header' && claim.date, '20150830T123600Z');
});

test('malformed presigned parameters are refused', () => {
  const query: Readonly<Record<string, string>> = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': credential,
    'X-Amz-Date': '20150830T123600Z',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': signature,
  };
  const code = (change: Record<string, string | undefined>): string => {
    const pairs = Object.entries({ ...query, ...change }).filter(([, value]) => value !== undefined);
    const target = `/b/k?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value as string)}`).join('&')}`;
    return outcome({ target, headers: [host] });
  };
  const malformed = '400 AuthorizationQueryParametersError';
  assert.equal(code({}), '403 SignatureDoesNotMatch');
  for (const name of Object.keys(query)) assert.equal(code({ [name]: undefined }), malformed, name);
  for (const expires of ['-1', '604801', 'soon', '1e3', ''])
    assert.equal(code({ 'X-Amz-Expires': expires }), malformed);
  assert.equal(code({ 'X-Amz-Expires': '604800' }), '403 SignatureDoesNotMatch');
  assert.equal(code({ 'X-Amz-Algorithm': 'AWS4-ECDSA-P256-SHA256' }), malformed);
  assert.equal(code({ 'X-Amz-Date': '2015-08-30T12:36:00Z' }), malformed);
  assert.equal(code({ 'X-Amz-Credential': 'AKID/x' }), malformed);
  assert.equal(code({ 'X-Amz-Credential': credential.replace('20150830', '20150829') }), malformed);
  assert.equal(code({ 'X-Amz-Signature': 'é\0' }), '403 SignatureDoesNotMatch');
  for (const names of ['host\nx', 'Host', 'host;', 'host;\0'])
    assert.equal(code({ 'X-Amz-SignedHeaders': names }), malformed);
});

test('two signatures are one too many', () => {
  const target = `/b/k?X-Amz-Signature=${signature}`;
  assert.equal(outcome({ target, ...withHeader(authorisation, date) }), '400 InvalidArgument');
  assert.equal(outcome(withHeader(authorisation, date, ['authorization', authorisation])), '400 InvalidArgument');
  assert.equal(outcome({ target: `${target}&Signature=x` }), '400 InvalidArgument');
});

test('what was signed and what was received are told, the secret is not', () => {
  const head = headOf(withHeader(authorisation, date, payload));
  assert.throws(
    () => createVerifier().verify(head, readSignature(head)!, { secret: 'top secret', now, family: 's3' }),
    ({ fields }: AwsFault) => {
      assert.equal(fields.AWSAccessKeyId, 'AKIDEXAMPLE');
      assert.equal(fields.SignatureProvided, signature);
      const canonical = 'GET\n/\n\nhost:localhost\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\nUNSIGNED-PAYLOAD';
      assert.equal(fields.CanonicalRequest, canonical);
      assert.match(
        String(fields.StringToSign),
        /^AWS4-HMAC-SHA256\n20150830T123600Z\n20150830\/us-east-1\/s3\/aws4_request\n/,
      );
      assert.match(String(fields.StringToSignBytes), /^41 57 53 34 /);
      return true;
    },
  );
});

test('garbage of any size is refused as AWS would, or is anonymous', () => {
  const garbage = fc.array(
    fc.oneof(
      fc.constantFrom(
        'AWS4-HMAC-SHA256',
        ' ',
        'Credential=',
        credential,
        ', ',
        ',',
        'SignedHeaders=',
        'host',
        ';',
        'Signature=',
        '=',
        '\0',
        'é',
      ),
      fc.string(),
    ),
    { maxLength: 14 },
  );
  const names = fc.constantFrom(
    'X-Amz-Algorithm=',
    'X-Amz-Credential=',
    'X-Amz-Signature=',
    'AWSAccessKeyId=',
    'Signature=',
    'Expires=',
    'AWSAccessKeyId=A&Signature=x&Expires=1440939000&x-amz-a=%00',
    '&',
    '%',
    '%zz',
    '%00',
    '%ff',
    '+',
    'AWS4-HMAC-SHA256',
    '1',
  );
  fc.assert(
    fc.property(garbage, fc.array(names), fc.constantFrom('s3' as const, 'other' as const), (parts, query, family) => {
      outcome(
        {
          target: `/${query.join('')}?${query.join('')}`,
          headers: [host, date, payload, ['Authorization', parts.join('')]],
        },
        family,
      );
      outcome({ target: `/?${query.join('')}`, headers: [host] }, family);
    }),
    { numRuns: 1000 },
  );
  const long = 'x'.repeat(65_536);
  assert.match(outcome(withHeader(long, date)), /^400/);
  assert.match(outcome(withHeader(`AWS4-HMAC-SHA256 ${',='.repeat(32_768)}`, date)), /^400/);
  assert.match(outcome(withHeader(authorisation, date, payload, ['x-other', long])), /^403/);
  assert.match(outcome(withHeader(authorisation.replace('host', long), date, payload)), /^403/);
});
