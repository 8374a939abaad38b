import assert from 'node:assert/strict';
import { test } from 'node:test';
import { denialMessage } from './denial-message.ts';
import type { PolicyKind } from './document.ts';
import { ana, anonymous, sageMaker, trainer } from './policy.fixture.ts';

const who = `User: ${trainer.arn} is not authorized to perform:`;

function wording(by: PolicyKind, reason: 'explicit-deny' | 'implicit-deny', action: string, resource = '*'): string {
  return denialMessage({ principal: trainer, action, resource }, { allowed: false, by, reason });
}

test('implicit denials', () => {
  const arn = 'arn:aws:logs:us-east-1:000000000000:log-group:x';
  const head = `${who} logs:PutLogEvents on resource: ${arn}`;
  const rows = {
    identity: 'identity-based policy',
    resource: 'resource-based policy',
    session: 'session policy',
    boundary: 'permissions boundary',
  };
  for (const [by, kind] of Object.entries(rows)) {
    const expected = `${head} because no ${kind} allows the logs:PutLogEvents action`;
    assert.equal(wording(by as PolicyKind, 'implicit-deny', 'logs:PutLogEvents', arn), expected);
  }
});

test('explicit denials', () => {
  const head = `${who} iam:CreateRole with an explicit deny in`;
  assert.equal(wording('identity', 'explicit-deny', 'iam:CreateRole'), `${head} an identity-based policy`);
  assert.equal(wording('resource', 'explicit-deny', 'iam:CreateRole'), `${head} a resource-based policy`);
  assert.equal(wording('session', 'explicit-deny', 'iam:CreateRole'), `${head} a session policy`);
  assert.equal(wording('boundary', 'explicit-deny', 'iam:CreateRole'), `${head} a permissions boundary`);
});

test('trust policies, which name no resource', () => {
  const role = 'arn:aws:iam::000000000000:role/Deploy';
  const implicit = `${who} sts:AssumeRole because no role trust policy allows the sts:AssumeRole action`;
  assert.equal(wording('trust', 'implicit-deny', 'sts:AssumeRole', role), implicit);
  const explicit = `${who} sts:AssumeRole with an explicit deny in the role trust policy`;
  assert.equal(wording('trust', 'explicit-deny', 'sts:AssumeRole', role), explicit);
});

test('S3 puts the resource in quotes', () => {
  const expected = `${who} s3:ListBucket on resource: "arn:aws:s3:::b" because no identity-based policy allows the s3:ListBucket action`;
  assert.equal(wording('identity', 'implicit-deny', 's3:ListBucket', 'arn:aws:s3:::b'), expected);
});

test('callers of every kind', () => {
  const decision = { allowed: false, by: 'resource', reason: 'implicit-deny' } as const;
  const names = [ana, anonymous, sageMaker, { kind: 'federated', provider: 'accounts.google.com' } as const].map(
    (principal) => denialMessage({ principal, action: 'a:B', resource: '*' }, decision).split(' ')[1],
  );
  assert.deepEqual(names, [ana.arn, 'anonymous', 'sagemaker.amazonaws.com', 'accounts.google.com']);
});
