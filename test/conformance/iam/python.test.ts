/** IAM and STS through boto3, old and new, and the AWS CLI; `npm run interop` installs them and says where they are. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { awsCli, boto3Runs } from '../python/clients.ts';
import { allow, document, trustsAccount } from './account.ts';

const services = ['iam', 'sts'] as const;

boto3Runs(join(import.meta.dirname, 'roles.py'), services);

awsCli('makes, reads, assumes, changes and deletes roles and policies', services, async (aws) => {
  const iam = (command: string, ...argv: string[]) => aws('iam', command, ...argv);
  const role = ['--role-name', 'cli'];
  const roleArn = 'arn:aws:iam::000000000000:role/cli';
  const managed = ['--policy-arn', 'arn:aws:iam::000000000000:policy/managed'];
  const aws29 = ['--policy-arn', 'arn:aws:iam::aws:policy/AmazonSageMakerFullAccess', '--version-id', 'v29'];
  const inline = [...role, '--policy-name', 'inline'];
  const linked = ['--aws-service-name', 'sagemaker.application-autoscaling.amazonaws.com'];

  const made = await Promise.all([
    iam('create-role', ...role, '--assume-role-policy-document', trustsAccount, '--query', 'Role.Arn'),
    iam('create-policy', '--policy-name', 'managed', '--policy-document', allow('s3:*'), '--query', 'Policy.Arn'),
    iam('create-service-linked-role', ...linked, '--query', 'Role.Path'),
    aws('sts', 'get-caller-identity', '--query', 'Arn'),
    aws('sts', 'get-session-token', '--query', 'Credentials.AccessKeyId'),
  ]);
  assert.deepEqual(made.slice(0, 4), [
    roleArn,
    managed[1],
    '/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/',
    'arn:aws:iam::000000000000:root',
  ]);
  assert.match(made[4] ?? '', /^ASIA[A-Z0-9]{16}$/);

  const changed = await Promise.all([
    iam('attach-role-policy', ...role, ...managed),
    iam('put-role-policy', ...inline, '--policy-document', allow('iam:GetRole')),
    iam('tag-role', ...role, '--tags', 'Key=stage,Value=test', 'Key=client,Value=cli'),
    iam('update-role', ...role, '--max-session-duration', '7200'),
  ]);
  assert.deepEqual(changed, ['', '', '', '']);

  const read = await Promise.all([
    iam('list-attached-role-policies', ...role, '--query', 'AttachedPolicies[].PolicyName'),
    iam('list-entities-for-policy', ...managed, '--query', 'PolicyRoles[].RoleName'),
    iam('list-role-policies', ...role, '--query', 'PolicyNames'),
    iam('get-role-policy', ...inline, '--query', 'PolicyDocument.Statement[0].Action'),
    iam('list-role-tags', ...role, '--query', 'Tags[].Value'),
    iam('list-roles', '--path-prefix', '/aws-service-role/', '--query', 'Roles[].RoleName'),
    iam('list-instance-profiles-for-role', ...role, '--query', 'InstanceProfiles'),
    iam('get-policy', ...managed, '--query', 'Policy.[DefaultVersionId,AttachmentCount]'),
    iam('get-policy-version', ...aws29, '--query', 'PolicyVersion.Document.Statement[0].Action[0]'),
    iam('list-policies', '--scope', 'Local', '--query', 'Policies[].PolicyName'),
    iam('list-policy-versions', ...managed, '--query', 'Versions[].[VersionId,IsDefaultVersion]'),
    iam('update-role-description', ...role, '--description', 'of the CLI', '--query', 'Role.Description'),
    aws('sts', 'assume-role', '--role-arn', roleArn, '--role-session-name', 'me', '--query', 'AssumedRoleUser.Arn'),
  ]);
  assert.deepEqual(read, [
    'managed',
    'cli',
    'inline',
    'iam:GetRole',
    'cli\ttest',
    'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
    '',
    'v1\t1',
    'sagemaker:*',
    'managed',
    'v1\tTrue',
    'of the CLI',
    'arn:aws:sts::000000000000:assumed-role/cli/me',
  ]);

  const closed = document({ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' });
  assert.equal(await iam('update-assume-role-policy', ...role, '--policy-document', closed), '');
  const [assumed] = await Promise.all([
    aws('sts', 'assume-role', '--role-arn', roleArn, '--role-session-name', 'me').catch(String),
    assert.rejects(iam('delete-role', ...role), /DeleteConflict.*must detach all policies first/s),
    iam('untag-role', ...role, '--tag-keys', 'client'),
  ]);
  assert.match(assumed, /AccessDenied.*not authorized to perform: sts:AssumeRole/s);
  const facts = 'Role.[Description,MaxSessionDuration,AssumeRolePolicyDocument.Statement[0].Effect,Tags[0].Value]';
  assert.equal(await iam('get-role', ...role, '--query', facts), 'of the CLI\t7200\tDeny\ttest');

  const removed = await Promise.all([
    iam('detach-role-policy', ...role, ...managed),
    iam('delete-role-policy', ...inline),
  ]);
  assert.deepEqual(removed, ['', '']);
  assert.deepEqual(await Promise.all([iam('delete-policy', ...managed), iam('delete-role', ...role)]), ['', '']);
  await Promise.all([
    assert.rejects(iam('get-policy', ...managed), /NoSuchEntity/),
    assert.rejects(iam('get-role', ...role), /NoSuchEntity/),
  ]);
});
