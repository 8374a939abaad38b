import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MalformedPolicy } from './malformed.ts';
import { parsePolicy } from './parse.ts';

const syntax = 'Syntax errors in policy.';
const version = 'Policy document must be version 2012-10-17 or greater.';
const legacy = 'The policy failed legacy parsing';
const noActions = 'Policy statement must contain actions.';
const noResources = 'Policy statement must contain resources.';
const noVendor = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
const colons = 'Actions/Condition can contain only one colon.';
const repeatedSid = 'Statement IDs (SID) in a single policy must be unique.';
const regex = 'Resource vendor must be fully qualified and cannot contain regexes.';
const iamPath =
  'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.';

const good = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b' };

function document(statement: unknown, more: object = {}): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement, ...more });
}

function refusal(text: string): string | undefined {
  try {
    parsePolicy(text, 'identity');
    return undefined;
  } catch (error) {
    assert.ok(error instanceof MalformedPolicy, String(error));
    return error.message;
  }
}

/** A good statement with these elements instead; `undefined` leaves one out. */
const changed: [change: object, message: string][] = [
  [{ Extra: 'x' }, syntax],
  [{ Effect: 'Maybe' }, syntax],
  [{ Effect: undefined }, syntax],
  [{ Effect: ['Allow'] }, syntax],
  [{ Sid: {} }, syntax],
  [{ Sid: null }, syntax],
  [{ Action: {} }, syntax],
  [{ Action: [[]] }, syntax],
  [{ Action: 1 }, syntax],
  [{ Action: [], NotAction: 's3:x' }, syntax],
  [{ NotAction: 's3:ListBucket' }, syntax],
  [{ NotResource: '*' }, syntax],
  [{ Resource: { a: 'arn:aws:s3:::b' } }, syntax],
  [{ Resource: ['x', {}] }, syntax],
  [{ Condition: [] }, syntax],
  [{ Condition: 'a' }, syntax],
  [{ Condition: { a: 'b' } }, syntax],
  [{ Condition: { DateGreaterThan: [] } }, syntax],
  [{ Condition: { DateGreaterThan: { a: {} } } }, syntax],
  [{ Condition: { StringEquals: { a: [null] } } }, syntax],
  [{ Condition: { Strings: { a: '1' } } }, syntax],
  [{ Condition: { 'ForAnyValue::StringEqualsIfExists': { a: '1' } } }, syntax],
  [{ Condition: { NullIfExists: { a: 'true' } } }, syntax],
  [{ Condition: { constructor: { a: '1' } } }, syntax],
  [{ Principal: { Wizard: 'x' } }, syntax],
  [{ Effect: 'denY' }, legacy],
  [{ Effect: 'allow', Resource: 'arn:aws:s3:us-east-1::b' }, legacy],
  [{ Condition: { DateGreaterThan: { a: 'soon' } } }, legacy],
  [{ Condition: { 'ForAllValues:DateLessThanIfExists': { a: ['2026-01-01', '234-13'] } } }, legacy],
  [{ Resource: 'arn:aws:s3::b' }, legacy],
  [{ Action: undefined, Resource: 'arn:aws:s3::b' }, legacy],
  [{ Resource: 'arn:aws::::b' }, legacy],
  [{ Resource: 'arn:aws::x' }, legacy],
  [{ Resource: undefined, NotResource: 'arn:aws:s3::b' }, legacy],
  [{ Principal: '*' }, 'Policy document should not specify a principal.'],
  [{ NotPrincipal: { AWS: '000000000000' } }, 'Policy document should not specify a principal.'],
  [{ Action: undefined }, noActions],
  [{ Action: [] }, noActions],
  [{ Action: undefined, Resource: undefined }, noActions],
  [{ Action: 'invalid' }, noVendor],
  [{ Action: undefined, NotAction: '' }, noVendor],
  [{ Action: 'invalid', Resource: undefined }, noVendor],
  [{ Action: 'a a:ListBucket' }, 'Vendor a a is not valid'],
  [{ Action: 's3:List:Bucket' }, colons],
  [{ Action: ['s3:ListBucket', 's:3s:ListBucket'] }, colons],
  [{ Resource: undefined }, noResources],
  [{ Resource: [] }, noResources],
  [{ Resource: 'my photos' }, 'Resource my photos must be in ARN format or "*".'],
  [{ Resource: '' }, 'Resource  must be in ARN format or "*".'],
  [{ Resource: ['adf'] }, 'Resource adf must be in ARN format or "*".'],
  [{ Action: 's:3:x', Resource: 'adf' }, 'Resource adf must be in ARN format or "*".'],
  [{ Resource: 'a:photos' }, 'Partition "photos" is not valid for resource "arn:photos:*:*:*:*".'],
  [{ Resource: 'a:b:photos' }, 'Partition "b" is not valid for resource "arn:b:photos:*:*:*".'],
  [{ Resource: 'a:b:c:d:e:f:g:h' }, 'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".'],
  [{ Resource: 's3:::b' }, 'Partition "" is not valid for resource "arn:::b:*:*".'],
  [{ Resource: 'aws:s3:::b' }, 'Partition "s3" is not valid for resource "arn:s3:::b:*".'],
  [{ Resource: 'arn:aws' }, regex],
  [{ Resource: 'arn:aws:s*:::b' }, regex],
  [{ Resource: 'arn:aws:iam:::b' }, iamPath],
  [{ Resource: 'arn:aws:iam::000000000000:rooted' }, iamPath],
  [
    { Resource: 'arn:aws:iam:us-east-1::b' },
    'IAM resource arn:aws:iam:us-east-1::b cannot contain region information.',
  ],
  [{ Resource: 'arn:aws:s3:us-east-1::b' }, 'Resource arn:aws:s3:us-east-1::b can not contain region information.'],
];

describe('a policy of an identity that AWS refuses', () => {
  test('for its text', () => {
    for (const text of [
      '',
      'no json',
      '[]',
      'null',
      '"x"',
      '{',
      `${document(good)}x`,
      '{"Version":"2012-10-17","Version":"2012-10-17"}',
    ]) {
      assert.equal(refusal(text), syntax, text);
    }
    assert.equal(refusal(document(good).replace('"Effect"', '"Effect":"Deny","Effect"')), syntax, 'a key twice');
  });

  test('for its frame', () => {
    assert.equal(refusal(document(undefined)), syntax);
    assert.equal(refusal(document([])), syntax);
    assert.equal(refusal(document(['x'])), syntax);
    assert.equal(refusal(document([[good]])), syntax);
    assert.equal(refusal(document(good, { Extra: 'x' })), syntax);
    assert.equal(refusal(document(good, { Id: {} })), syntax);
    assert.equal(refusal(document(good, { Id: ['x'] })), syntax);
    assert.equal(refusal(document(good, { Version: '2013-10-17' })), syntax);
    assert.equal(refusal(document(good, { Version: '2008-10-17' })), version);
    assert.equal(refusal(document(good, { Version: undefined })), version);
    assert.equal(refusal(document({ ...good, Effect: 'denY' }, { Version: undefined })), version);
  });

  test('for a statement', () => {
    assert.equal(refusal(document(good)), undefined);
    for (const [change, message] of changed) {
      assert.equal(refusal(document({ ...good, ...change })), message, JSON.stringify(change));
      assert.equal(refusal(document([good, { ...good, ...change }])), message, JSON.stringify(change));
    }
  });

  test('for what its statements have in common', () => {
    assert.equal(
      refusal(
        document([
          { ...good, Sid: 'a' },
          { Sid: 'a', Effect: 'Allow' },
        ]),
      ),
      repeatedSid,
    );
    assert.equal(
      refusal(
        document([
          { ...good, Sid: 'a' },
          { Sid: 'a', Effect: 'aLLow' },
        ]),
      ),
      legacy,
    );
    assert.equal(
      refusal(
        document([
          { ...good, Sid: 'a' },
          { ...good, Sid: 'A' },
        ]),
      ),
      undefined,
    );
    assert.equal(refusal(document([{ ...good, Sid: '' }, { ...good, Sid: '' }, good])), undefined);
  });
});

test('what looks odd, but AWS takes', () => {
  const statements = [
    { Action: '*' },
    { Action: 'iam: as df ' },
    { Action: 'no-such.service:ListBucket' },
    { Resource: ['arn:aws:s3:::b', '*'] },
    { Resource: 'arn:aws:s33:::b' },
    { Resource: 'arn:aws:sns' },
    { Resource: 'arn:*:s3:::b' },
    { Resource: 'arn:aws-us-gov:s3:::b' },
    { Resource: 'arn:aws:s3:us-east-1:000000000000:accesspoint/x' },
    { Resource: 'arn:aws:iam:::user/b' },
    { Resource: 'arn:aws:iam::*:root' },
    { Resource: ['arn:aws:iam::*:role/x', 'arn:aws:iam::000000000000:*', 'arn:aws:iam::*:r*'] },
    { Resource: 'arn:aws:iam::*:user/$' + '{aws:username}' },
    { Resource: undefined, NotResource: '*' },
    { Action: undefined, NotAction: ['s3:*'] },
    { Condition: {} },
    { Condition: { DateGreaterThan: {} } },
    { Condition: { DateGreaterThan: { a: [] } } },
    { Condition: { NoSuchOperator: {}, Another: {} } },
    { Condition: { StringEquals: { a: ['x', 1, true] } } },
    { Condition: { 'ForAnyValue:StringEqualsIfExists': { a: 'x' } } },
    { Condition: { NumericEquals: { a: 'many' }, IpAddress: { 'aws:SourceIp': 'here' } } },
    { Condition: { DateLessThan: { a: ['2019-07-01T13:20:15Z', '01T', '-292275054', '1700000000'] } } },
  ];
  for (const change of statements) {
    assert.equal(refusal(document({ ...good, ...change })), undefined, JSON.stringify(change));
  }
});

test('session policies and boundaries are held to the same', () => {
  for (const kind of ['session', 'boundary'] as const) {
    assert.equal(parsePolicy(document(good), kind).kind, kind);
    assert.throws(() => parsePolicy(document({ ...good, Principal: '*' }), kind), MalformedPolicy);
  }
});

test('nasty documents are refused, and nothing else happens', () => {
  const nasty = [
    '['.repeat(500_000),
    `{"Version":"2012-10-17","Statement":${'{"Statement":'.repeat(20_000)}1${'}'.repeat(20_001)}`,
    `{"__proto__":{"Effect":"Allow"},"Version":"2012-10-17","Statement":{"Action":"s3:x","Resource":"*"}}`,
    `{"Version":"2012-10-17","Statement":{"__proto__":{"Effect":"Allow"},"Action":"s3:x","Resource":"*"}}`,
    document({ ...good, toString: 'x' }),
    document({ ...good, Condition: { __proto__: null, hasOwnProperty: { a: 'b' } } }),
    document({ ...good, Resource: ':'.repeat(1_000_000) }),
    document({ ...good, Action: 'a'.repeat(1_000_000) }),
    document({ ...good, Action: `${':'.repeat(1_000_000)}` }),
  ];
  for (const text of nasty) assert.notEqual(refusal(text), undefined, text.slice(0, 60));
  const long = document({ ...good, Resource: Array(20_000).fill(`arn:aws:s3:::${'*a'.repeat(20)}`) });
  assert.equal(refusal(long), undefined);
  assert.equal(refusal(document({ ...good, Action: `s3:${'*'.repeat(500_000)}` })), undefined);
  assert.equal(refusal(document({ ...good, Resource: `arn:aws:s3:::${'?*'.repeat(250_000)}` })), undefined);
  assert.equal(Object.hasOwn(Object.prototype, 'Effect'), false);
});
