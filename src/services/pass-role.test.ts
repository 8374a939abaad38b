import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate, parsePolicy } from '../policy/index.ts';
import { passRole } from './pass-role.ts';

test('a role may be passed where the policy allows its ARN and the service', () => {
  const roleArn = 'arn:aws:iam::000000000000:role/service-role/Train';
  const statement = {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: 'arn:aws:iam::*:role/service-role/*',
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  };
  const document = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'identity');
  const mayPass = (arn: string, service: string): boolean => {
    const { action, resource, context = {} } = passRole(arn, service);
    const account = '000000000000';
    const principal = {
      kind: 'assumed-role',
      account,
      arn: 'arn:aws:sts::000000000000:assumed-role/Caller/s',
      id: 'AROA:s',
      roleArn: 'arn:aws:iam::000000000000:role/Caller',
    } as const;
    const policies = { identity: [{ name: 'p', document }] };
    return evaluate({ action, resource, principal, resourceAccount: account, context }, policies).allowed;
  };
  assert.ok(mayPass(roleArn, 'sagemaker.amazonaws.com'));
  assert.ok(!mayPass(roleArn, 'lambda.amazonaws.com'));
  assert.ok(!mayPass('arn:aws:iam::000000000000:role/Train', 'sagemaker.amazonaws.com'));
});
