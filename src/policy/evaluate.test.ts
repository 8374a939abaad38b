// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policies write variables so
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluate } from './evaluate.ts';
import { parsePolicy } from './parse.ts';
import {
  account,
  ana,
  anonymous,
  bucketPolicy,
  otherAccount,
  policy,
  request,
  root,
  sageMaker,
  trainer,
  trustPolicy,
} from './policy.fixture.ts';
import type { AuthorizationRequest, PolicySet } from './request.ts';

/** `identity`, or `implicit boundary`, or `explicit session`. */
function decide(policies: Partial<PolicySet>, change: Partial<AuthorizationRequest> = {}): string {
  const decision = evaluate(request(change), { identity: [], ...policies });
  return decision.allowed ? decision.by : `${decision.reason.split('-')[0]} ${decision.by}`;
}

const all = policy({});
const none = policy({ Action: 's3:Nothing' });
const deny = policy({ Effect: 'Deny', Action: 's3:Get*' });

describe('policies of an identity', () => {
  test('deny by default, allow by one, explicit deny over all', () => {
    assert.equal(decide({}), 'implicit identity');
    assert.equal(decide({ identity: [none] }), 'implicit identity');
    assert.equal(decide({ identity: [none, all] }), 'identity');
    assert.equal(decide({ identity: [all, deny] }), 'explicit identity');
    assert.equal(decide({ identity: [deny, all] }), 'explicit identity');
    assert.equal(decide({ identity: [policy({}, { Effect: 'Deny', Action: 's3:PutObject' })] }), 'identity');
  });

  test('actions without case, resources with', () => {
    assert.equal(decide({ identity: [policy({ Action: 'S3:getobject' })] }), 'identity');
    assert.equal(decide({ identity: [policy({ Action: 's3:Get?bject' })] }), 'identity');
    assert.equal(decide({ identity: [policy({ Action: ['s3:List*', '*:GetObject'] })] }), 'identity');
    assert.equal(decide({ identity: [policy({ Action: 's3:Get' })] }), 'implicit identity');
    assert.equal(decide({ identity: [policy({ Resource: 'arn:aws:s3:::photos/*' })] }), 'identity');
    assert.equal(decide({ identity: [policy({ Resource: 'arn:aws:s3:::Photos/*' })] }), 'implicit identity');
    assert.equal(decide({ identity: [policy({ Resource: 'arn:aws:s3:::photos' })] }), 'implicit identity');
    assert.equal(decide({ identity: [policy({ Resource: 'arn:aws:s3' })] }), 'identity');
  });

  test('NotAction and NotResource', () => {
    assert.equal(decide({ identity: [policy({ NotAction: ['iam:*', 'sts:*'] })] }), 'identity');
    assert.equal(decide({ identity: [policy({ NotAction: 's3:*' })] }), 'implicit identity');
    assert.equal(decide({ identity: [policy({ NotResource: 'arn:aws:s3:::raw/*' })] }), 'identity');
    assert.equal(decide({ identity: [policy({ NotResource: 'arn:aws:s3:::photos/*' })] }), 'implicit identity');
    // "Deny all of S3 but the payroll": reference_policies_elements_notresource.html
    const onlyRaw = policy(
      {},
      { Effect: 'Deny', Action: 's3:*', NotResource: ['arn:aws:s3:::raw', 'arn:aws:s3:::raw/*'] },
    );
    assert.equal(decide({ identity: [onlyRaw] }), 'explicit identity');
    assert.equal(decide({ identity: [onlyRaw] }, { resource: 'arn:aws:s3:::raw/x' }), 'identity');
  });

  test('variables in resources', () => {
    const home = policy({ Resource: 'arn:aws:s3:::home/${aws:username}/*' });
    const own = { principal: ana, resource: 'arn:aws:s3:::home/ana/a.jpg', context: { 'aws:username': 'ana' } };
    assert.equal(decide({ identity: [home] }, own), 'identity');
    assert.equal(decide({ identity: [home] }, { ...own, resource: 'arn:aws:s3:::home/bo/a.jpg' }), 'implicit identity');
    assert.equal(decide({ identity: [home] }, { ...own, context: {} }), 'implicit identity');
    assert.equal(decide({ identity: [home] }, { ...own, context: { 'aws:username': '*' } }), 'implicit identity');
  });

  test('all lines of a condition must hold', () => {
    const Condition = {
      StringEquals: { 's3:prefix': ['', 'home/'], 's3:delimiter': '/' },
      Bool: { 'aws:SecureTransport': 'true' },
    };
    const identity = [policy({ Condition })];
    const context = { 'S3:Prefix': 'home/', 's3:delimiter': '/', 'aws:SecureTransport': true };
    assert.equal(decide({ identity }, { context }), 'identity');
    assert.equal(decide({ identity }, { context: { ...context, 's3:delimiter': ',' } }), 'implicit identity');
    assert.equal(decide({ identity }, { context: { ...context, 'aws:SecureTransport': false } }), 'implicit identity');
    assert.equal(
      decide({ identity }, { context: { 's3:delimiter': '/', 'aws:SecureTransport': true } }),
      'implicit identity',
    );
  });

  test('a decision names the statement that settled it', () => {
    const identity = [none, policy({ Action: 's3:Put*' }, { Sid: 'Read', Action: 's3:Get*' })];
    const settled = { policy: 'p', statement: 1, sid: 'Read' };
    assert.deepEqual(evaluate(request(), { identity }), { allowed: true, by: 'identity', statement: settled });
  });
});

describe('limits: boundary and session policies', () => {
  test('they grant nothing, and what they do not allow is denied', () => {
    assert.equal(decide({ boundary: all }), 'implicit identity');
    assert.equal(decide({ session: [all] }), 'implicit identity');
    assert.equal(decide({ identity: [all], boundary: none }), 'implicit boundary');
    assert.equal(decide({ identity: [all], session: [none] }), 'implicit session');
    assert.equal(decide({ identity: [all], boundary: all, session: [none, all] }), 'identity');
    assert.equal(decide({ identity: [all], boundary: deny }), 'explicit boundary');
    assert.equal(decide({ identity: [all], session: [all, deny] }), 'explicit session');
    assert.equal(decide({ identity: [all], session: [] }), 'identity');
  });
});

describe('policies of a resource in the same account', () => {
  const to = (principal: unknown) => bucketPolicy({ Principal: principal });

  test('one of both is enough', () => {
    assert.equal(decide({ resource: to({ AWS: trainer.roleArn }) }), 'resource');
    assert.equal(decide({ identity: [all], resource: to({ AWS: ana.arn }) }), 'identity');
    assert.equal(decide({ resource: to({ AWS: ana.arn }) }), 'implicit identity');
    assert.equal(decide({ resource: to('*') }), 'resource');
  });

  test('naming the account only passes the decision on to it', () => {
    assert.equal(decide({ resource: to({ AWS: account }) }), 'implicit identity');
    assert.equal(decide({ resource: to({ AWS: account }), identity: [all] }), 'identity');
  });

  test('boundaries and session policies limit a grant to the role, but not one to its session', () => {
    const limits = [{ boundary: none }, { session: [none] }, { boundary: none, session: [none] }];
    for (const limit of limits) {
      const expected = limit.boundary ? 'implicit boundary' : 'implicit session';
      assert.equal(decide({ resource: to({ AWS: trainer.roleArn }), identity: [all], ...limit }), expected);
      assert.equal(decide({ resource: to({ AWS: trainer.arn }), ...limit }), 'resource');
      assert.equal(decide({ resource: to('*'), ...limit }), 'resource');
    }
    assert.equal(decide({ resource: to({ AWS: trainer.roleArn }), boundary: all, session: [all] }), 'resource');
    assert.equal(decide({ resource: to({ AWS: ana.arn }), boundary: none }, { principal: ana }), 'resource');
    assert.equal(decide({ resource: to({ AWS: trainer.arn }), boundary: deny }), 'explicit boundary');
  });

  test('an explicit deny', () => {
    const closed = bucketPolicy({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    assert.equal(
      decide({ identity: [all], resource: closed }, { context: { 'aws:SecureTransport': false } }),
      'explicit resource',
    );
    assert.equal(
      decide({ identity: [all], resource: closed }, { context: { 'aws:SecureTransport': true } }),
      'identity',
    );
    const others = bucketPolicy({ Effect: 'Deny', NotPrincipal: { AWS: [account, trainer.roleArn, trainer.arn] } });
    assert.equal(decide({ identity: [all], resource: others }), 'identity');
    assert.equal(decide({ identity: [all], resource: others }, { principal: ana }), 'explicit resource');
    assert.equal(decide({ identity: [all], resource: others, boundary: all }), 'explicit resource');
  });
});

describe('across accounts', () => {
  const far = { resourceAccount: otherAccount };

  test('both sides must allow', () => {
    const open = bucketPolicy({ Principal: { AWS: account } });
    assert.equal(decide({ identity: [all] }, far), 'implicit resource');
    assert.equal(decide({ identity: [all], resource: open }, far), 'identity');
    assert.equal(decide({ resource: open }, far), 'implicit identity');
    assert.equal(decide({ resource: bucketPolicy({}) }, far), 'implicit identity');
    assert.equal(decide({ resource: bucketPolicy({ Principal: { AWS: trainer.arn } }) }, far), 'implicit identity');
    assert.equal(decide({ identity: [all], resource: open, boundary: none }, far), 'implicit boundary');
    assert.equal(decide({ identity: [all], resource: open, session: [none] }, far), 'implicit session');
    assert.equal(decide({ identity: [all], resource: bucketPolicy({ Effect: 'Deny' }) }, far), 'explicit resource');
  });
});

describe('the root user', () => {
  test('needs no policy in its account, but is denied what is denied', () => {
    assert.equal(decide({}, { principal: root }), 'root');
    assert.equal(decide({ resource: bucketPolicy({ Effect: 'Deny' }) }, { principal: root }), 'explicit resource');
    assert.equal(decide({}, { principal: root, resourceAccount: otherAccount }), 'implicit resource');
    const open = bucketPolicy({ Principal: { AWS: account } });
    assert.equal(decide({ resource: open }, { principal: root, resourceAccount: otherAccount }), 'root');
  });

  test('can always get back to the policy of its own bucket', () => {
    const locked = { resource: bucketPolicy({ Effect: 'Deny' }) };
    for (const action of ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']) {
      assert.equal(decide(locked, { principal: root, action }), 'root');
      assert.equal(decide({ ...locked, identity: [all] }, { principal: ana, action }), 'explicit resource');
      assert.equal(decide(locked, { principal: root, action, resourceAccount: otherAccount }), 'explicit resource');
    }
  });
});

test('anonymous callers and services have what the resource gives them', () => {
  assert.equal(decide({}, { principal: anonymous }), 'implicit resource');
  assert.equal(decide({ identity: [all] }, { principal: anonymous }), 'implicit resource');
  assert.equal(
    decide({ resource: bucketPolicy({ Principal: { AWS: account } }) }, { principal: anonymous }),
    'implicit resource',
  );
  assert.equal(decide({ resource: bucketPolicy({}) }, { principal: anonymous }), 'resource');
  assert.equal(
    decide({ resource: bucketPolicy({}, { Effect: 'Deny' }) }, { principal: anonymous }),
    'explicit resource',
  );
  const service = bucketPolicy({ Principal: { Service: 'sagemaker.amazonaws.com' } });
  assert.equal(decide({ resource: service }, { principal: sageMaker }), 'resource');
  assert.equal(decide({ resource: service }, { principal: anonymous }), 'implicit resource');
});

describe('trust policies', () => {
  const assume = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${account}:role/Deploy` };
  const mayAssume = policy({ Action: 'sts:AssumeRole', Resource: assume.resource });

  test('naming the caller is enough in one account; naming the account asks its own policies too', () => {
    assert.equal(decide({ resource: trustPolicy({ Principal: { AWS: trainer.roleArn } }) }, assume), 'trust');
    assert.equal(
      decide({ resource: trustPolicy({ Principal: { AWS: ana.arn } }) }, { ...assume, principal: ana }),
      'trust',
    );
    const toAccount = trustPolicy({ Principal: { AWS: account } });
    assert.equal(decide({ resource: toAccount }, assume), 'implicit identity');
    assert.equal(decide({ resource: toAccount, identity: [mayAssume] }, assume), 'identity');
    assert.equal(decide({ resource: toAccount, identity: [mayAssume], session: [none] }, assume), 'implicit session');
  });

  test('without the trust nothing else helps', () => {
    const toService = trustPolicy({ Principal: { Service: 'sagemaker.amazonaws.com' } });
    assert.equal(decide({ resource: toService, identity: [all] }, assume), 'implicit trust');
    assert.equal(decide({ resource: toService }, { ...assume, principal: root }), 'implicit trust');
    assert.equal(decide({ resource: toService }, { ...assume, principal: sageMaker }), 'trust');
    const denied = trustPolicy({ Principal: { AWS: account } }, { Effect: 'Deny', Principal: { AWS: trainer.arn } });
    assert.equal(decide({ resource: denied, identity: [all] }, assume), 'explicit trust');
  });

  test('across accounts both must agree, and conditions hold', () => {
    const far = { ...assume, resourceAccount: otherAccount, context: { 'sts:ExternalId': 'x1' } };
    const Condition = { StringEquals: { 'sts:ExternalId': 'x1' } };
    const resource = trustPolicy({ Principal: { AWS: trainer.roleArn }, Condition });
    assert.equal(decide({ resource }, far), 'implicit identity');
    assert.equal(decide({ resource, identity: [mayAssume] }, far), 'identity');
    assert.equal(decide({ resource, identity: [mayAssume] }, { ...far, context: {} }), 'implicit trust');
  });
});

test('variables need version 2012-10-17', () => {
  const Statement = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::${aws:userid}' };
  const allows = (Version: string, resource: string) => {
    const named = { name: 'p', document: parsePolicy(JSON.stringify({ Version, Statement }), 'resource') };
    return decide({ resource: named }, { resource, context: { 'aws:userid': 'photos' } }) === 'resource';
  };
  assert.ok(allows('2012-10-17', 'arn:aws:s3:::photos'));
  assert.ok(!allows('2008-10-17', 'arn:aws:s3:::photos'));
  assert.ok(allows('2008-10-17', 'arn:aws:s3:::${aws:userid}'));
});
