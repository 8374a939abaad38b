import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedPolicy } from './malformed.ts';
import { parsePolicy } from './parse.ts';

type Kind = 'trust' | 'resource';

function document(statement: unknown, more: object = {}): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement, ...more });
}

function refusal(text: string, kind: Kind): string | undefined {
  try {
    parsePolicy(text, kind, { attachedTo: 'arn:aws:s3:::photos' });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof MalformedPolicy, String(error));
    return error.message;
  }
}

const good: Readonly<Record<Kind, object>> = {
  trust: { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  resource: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' },
};

const both: [change: object, message: string][] = [
  [{ Effect: undefined }, 'Missing required field Effect'],
  [{ Effect: 'allow' }, 'Invalid effect: allow'],
  [{ Principal: undefined }, 'Missing required field Principal'],
  [{ Principal: {} }, 'Missing required field Principal cannot be empty!'],
  [{ Principal: { AWS: [] } }, 'Missing required field Principal cannot be empty!'],
  [{ Principal: { Wizard: 'x' } }, 'Invalid principal in policy: "Wizard"'],
  [{ Principal: 'someone' }, 'Syntax errors in policy.'],
  [{ Action: undefined }, 'Missing required field Action'],
  [{ Action: [] }, 'Missing required field Action'],
  [{ Actions: 's3:x' }, 'Unknown field Actions'],
  [{ Condition: { StringEqual: { a: 'b' } } }, 'Invalid Condition type : StringEqual'],
];

test('what bucket policies and trust policies have in common', () => {
  for (const kind of ['trust', 'resource'] as const) {
    assert.equal(refusal(document(good[kind]), kind), undefined);
    assert.equal(
      refusal(
        document([
          { ...good[kind], Sid: 'a' },
          { ...good[kind], Sid: 'b' },
        ]),
        kind,
      ),
      undefined,
    );
    for (const [change, message] of both) {
      assert.equal(refusal(document({ ...good[kind], ...change }), kind), message, `${kind} ${JSON.stringify(change)}`);
    }
    const twice = document([1, 2].map(() => ({ ...good[kind], Sid: 'a' })));
    assert.equal(refusal(twice, kind), 'The Statement Ids in the policy are not unique');
    assert.equal(refusal(document(undefined), kind), 'Missing required field Statement');
    assert.equal(refusal(document([]), kind), 'Could not parse the policy: Statement is empty!');
    assert.equal(
      refusal(document(good[kind], { Version: '1' }), kind),
      'The policy must contain a valid version string',
    );
    assert.equal(refusal(document(good[kind], { Version: undefined }), kind), undefined);
    assert.equal(refusal('{', kind), 'This policy contains invalid Json');
  }
});

test('trust policies', () => {
  const rows: [change: object, message: string | undefined][] = [
    [{ Resource: '*' }, 'Has prohibited field Resource'],
    [{ Resource: undefined, NotResource: '*' }, 'AssumeRole policy must not contain resources.'],
    [{ Action: '*' }, 'AssumeRole policy may only specify STS AssumeRole actions.'],
    [{ Action: ['sts:AssumeRole', 's3:GetObject'] }, 'AssumeRole policy may only specify STS AssumeRole actions.'],
    [{ Action: ['sts:AssumeRole', 'sts:TagSession'] }, undefined],
    [{ Action: 'sts:*' }, undefined],
    [{ Principal: undefined, NotPrincipal: { AWS: '000000000000' } }, 'Allow with NotPrincipal is not allowed.'],
    [
      { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '000000000000' } },
      'AssumeRole policy must not contain NotPrincipal field.',
    ],
    [{ Principal: { AWS: 'ana' } }, 'Invalid principal in policy: "AWS":"ana"'],
    [
      { Principal: { AWS: ['*', 'arn:aws:iam::000000000000:user/*'] } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/*"',
    ],
    [
      { Principal: { AWS: 'arn:aws:sts::000000000000:assumed-role/Train/*' } },
      'Invalid principal in policy: "AWS":"arn:aws:sts::000000000000:assumed-role/Train/*"',
    ],
    [
      { Principal: { AWS: 'arn:aws:iam::000000000000:group/x' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:group/x"',
    ],
    [{ Principal: { Service: 'sagemaker' } }, 'Invalid principal in policy: "SERVICE":"sagemaker"'],
    [
      { Principal: { CanonicalUser: 'a'.repeat(64) } },
      `Invalid principal in policy: "CanonicalUser":"${'a'.repeat(64)}"`,
    ],
    [{ Principal: '*' }, undefined],
    [
      { Principal: { Federated: 'cognito-identity.amazonaws.com' }, Action: 'sts:AssumeRoleWithWebIdentity' },
      undefined,
    ],
    [
      { Principal: { Service: ['lambda.amazonaws.com', 'sagemaker.application-autoscaling.amazonaws.com'] } },
      undefined,
    ],
    [
      {
        Principal: {
          AWS: [
            '000000000000',
            'arn:aws:iam::000000000000:root',
            'arn:aws:iam::000000000000:role/service-role/Train',
            'arn:aws:sts::000000000000:assumed-role/Train/s1',
            'AROAEXAMPLEEXAMPLEEXA',
          ],
        },
      },
      undefined,
    ],
  ];
  for (const [change, message] of rows) {
    assert.equal(refusal(document({ ...good.trust, ...change }), 'trust'), message, JSON.stringify(change));
  }
});

test('bucket policies', () => {
  const notJson = "Policies must be valid JSON and the first byte must be '{'";
  const mismatch = 'Action does not apply to any resource(s) in statement';
  const rows: [change: object, message: string | undefined][] = [
    [{ Resource: undefined }, 'Missing required field Resource'],
    [{ Resource: [] }, 'Missing required field Resource'],
    [{ Resource: 'photos/*' }, 'Policy has invalid resource'],
    [{ Resource: 'arn:aws:s3:::other/*' }, 'Policy has invalid resource'],
    [{ Resource: ['arn:aws:s3:::photos/*', 'arn:aws:s3:::photos2/*'] }, 'Policy has invalid resource'],
    [{ Resource: 'arn:aws:sns:us-east-1:000000000000:photos' }, 'Policy has invalid resource'],
    [{ Action: 'sqs:SendMessage' }, 'Policy has invalid action'],
    [{ Action: 'GetObject' }, 'Policy has invalid action'],
    [{ Principal: { AWS: 'ana' } }, 'Invalid principal in policy'],
    [{ Resource: 'arn:aws:s3:::photos' }, mismatch],
    [{ Action: 's3:ListBucket' }, mismatch],
    [{ Action: ['s3:GetObject', 's3:ListBucket'] }, mismatch],
    [
      { Action: ['s3:GetObject', 's3:ListBucket'], Resource: ['arn:aws:s3:::photos', 'arn:aws:s3:::photos/*'] },
      undefined,
    ],
    [{ Action: 's3:GetBucketObjectLockConfiguration', Resource: 'arn:aws:s3:::photos' }, undefined],
    [{ Action: 's3:*', Resource: 'arn:aws:s3:::photos' }, undefined],
    [{ Resource: 'arn:aws:s3:::ph*' }, undefined],
    [{ Resource: '*' }, undefined],
    [{ Principal: undefined, NotPrincipal: { AWS: '000000000000' }, Effect: 'Deny' }, undefined],
    [{ Principal: { CanonicalUser: 'a'.repeat(64) } }, undefined],
    [{ Action: undefined, NotAction: 's3:GetObject' }, undefined],
  ];
  for (const [change, message] of rows) {
    assert.equal(refusal(document({ ...good.resource, ...change }), 'resource'), message, JSON.stringify(change));
  }
  for (const text of ['', ' {}', '[]', 'x']) assert.equal(refusal(text, 'resource'), notJson, text);
});
