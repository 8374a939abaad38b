import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globalContext } from './global-context.ts';
import { account, ana, anonymous, root, sageMaker, trainer } from './policy.fixture.ts';

const now = new Date('2026-11-21T10:20:30.400Z');

function present(context: object): object {
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));
}

test('everything that is known of a session', () => {
  const context = globalContext({
    now,
    principal: trainer,
    sourceIp: '::ffff:192.0.2.1',
    secure: false,
    userAgent: 'aws-cli/2',
    referer: 'http://localhost/',
    region: 'eu-west-1',
    resourceAccount: account,
    tokenIssued: new Date('2026-11-21T10:00:00Z'),
    principalTags: { Team: 'red' },
    resourceTags: { Team: 'blue' },
    requestTags: { Team: 'red', Cost: '7' },
  });
  assert.deepEqual(present(context), {
    'aws:CurrentTime': now,
    'aws:EpochTime': 1795256430,
    'aws:SourceIp': '192.0.2.1',
    'aws:SecureTransport': false,
    'aws:UserAgent': 'aws-cli/2',
    'aws:Referer': 'http://localhost/',
    'aws:RequestedRegion': 'eu-west-1',
    'aws:ResourceAccount': account,
    'aws:TokenIssueTime': new Date('2026-11-21T10:00:00Z'),
    'aws:ViaAWSService': false,
    'aws:TagKeys': ['Team', 'Cost'],
    'aws:PrincipalArn': trainer.roleArn,
    'aws:PrincipalAccount': account,
    'aws:PrincipalIsAWSService': false,
    'aws:PrincipalType': 'AssumedRole',
    'aws:userid': trainer.id,
    'aws:PrincipalTag/Team': 'red',
    'aws:ResourceTag/Team': 'blue',
    'aws:RequestTag/Team': 'red',
    'aws:RequestTag/Cost': '7',
  });
});

test('who asks', () => {
  const keys = (principal: Parameters<typeof globalContext>[0]['principal']) => {
    const context = globalContext({ now, principal });
    return ['aws:PrincipalArn', 'aws:PrincipalType', 'aws:userid', 'aws:username'].map((key) => context[key]);
  };
  assert.deepEqual(keys(root), [root.kind === 'root' && root.arn, 'Account', account, undefined]);
  assert.deepEqual(keys(ana), [ana.arn, 'User', ana.id, 'ana']);
  assert.deepEqual(keys(anonymous), [undefined, 'Anonymous', 'anonymous', undefined]);
  assert.deepEqual(keys(sageMaker), [undefined, undefined, undefined, undefined]);
  assert.equal(globalContext({ now, principal: sageMaker })['aws:PrincipalServiceName'], 'sagemaker.amazonaws.com');
});

test('keys of tags without the tags', () => {
  assert.deepEqual(globalContext({ now, principal: ana, tagKeys: ['Team'] })['aws:TagKeys'], ['Team']);
  assert.equal(globalContext({ now, principal: ana })['aws:TagKeys'], undefined);
});
