import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { type Account, allow, document, openAccount, refusal, trustsAccount } from './account.ts';

/** What a role may do to roles and policies. */

let account: Account;
before(async () => {
  account = await openAccount();
});
after(() => account.close());

const role = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;

async function createRole(RoleName: string, more: object = {}): Promise<void> {
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustsAccount, ...more }));
}

/** Clients of a new role with these rights. */
async function roleWith(name: string, policy: string) {
  await createRole(name);
  await account.iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'rights', PolicyDocument: policy }));
  return session(name);
}

async function session(name: string) {
  const command = new AssumeRoleCommand({ RoleArn: role(name), RoleSessionName: 'tests' });
  return account.as((await account.sts.send(command)).Credentials);
}

async function isDenied(call: Promise<unknown>): Promise<boolean> {
  const { code } = await refusal(call);
  assert.equal(code, 'AccessDenied');
  return true;
}

describe('the rights of a role', () => {
  test('are its inline and attached policies, as they are at each request', async () => {
    await createRole('changing');
    const { iam } = await session('changing');
    const read = () => iam.send(new GetRoleCommand({ RoleName: 'changing' }));
    const inline = { RoleName: 'changing', PolicyName: 'p' };
    const managed = { RoleName: 'changing', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' };
    await isDenied(read());
    await account.iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: allow('iam:GetRole') }));
    await read();
    await account.iam.send(new DeleteRolePolicyCommand(inline));
    await isDenied(read());
    await account.iam.send(new AttachRolePolicyCommand(managed));
    await read();
    const deny = document({ Effect: 'Deny', Action: 'iam:Get*', Resource: '*' });
    await account.iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: deny }));
    assert.match((await refusal(read())).message, /with an explicit deny in an identity-based policy$/);
    await account.iam.send(new DeleteRolePolicyCommand(inline));
    await account.iam.send(new DetachRolePolicyCommand(managed));
    await isDenied(read());
  });

  test('lacking, are told in IAM’s words', async () => {
    await createRole('lacking', { Path: '/' });
    const { iam } = await session('lacking');
    const message = async (call: Promise<unknown>) => {
      const user = 'User: arn:aws:sts::000000000000:assumed-role/lacking/tests is not authorized to perform: ';
      const text = (await refusal(call)).message;
      assert.ok(text.startsWith(user), text);
      return text.slice(user.length).replace(/ because no identity-based policy allows the iam:\w+ action$/, '');
    };
    const s3 = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
    assert.equal(
      await message(iam.send(new GetRoleCommand({ RoleName: 'lacking' }))),
      'iam:GetRole on resource: role lacking',
    );
    assert.equal(
      await message(iam.send(new GetPolicyCommand({ PolicyArn: s3 }))),
      `iam:GetPolicy on resource: policy ${s3}`,
    );
    assert.equal(
      await message(iam.send(new CreatePolicyCommand({ PolicyName: 'P', Path: '/a/', PolicyDocument: allow('s3:*') }))),
      'iam:CreatePolicy on resource: policy P',
    );
    assert.equal(
      await message(
        iam.send(new CreateRoleCommand({ RoleName: 'R', Path: '/a/', AssumeRolePolicyDocument: trustsAccount })),
      ),
      `iam:CreateRole on resource: ${role('a/R')}`,
    );
    assert.equal(await message(iam.send(new ListRolesCommand({}))), 'iam:ListRoles');
    assert.equal(await message(iam.send(new ListPoliciesCommand({}))), 'iam:ListPolicies');
  });

  test('are for the ARN with its path', async () => {
    await createRole('inside', { Path: '/team/' });
    await createRole('outside');
    const { iam } = await roleWith('paths', allow(['iam:GetRole', 'iam:CreateRole'], role('team/*')));
    await iam.send(new GetRoleCommand({ RoleName: 'inside' }));
    await isDenied(iam.send(new GetRoleCommand({ RoleName: 'outside' })));
    const create = (Path: string) =>
      iam.send(new CreateRoleCommand({ RoleName: 'new', Path, AssumeRolePolicyDocument: trustsAccount }));
    await isDenied(create('/'));
    await create('/team/');
  });

  test('may depend on the policy that is attached', async () => {
    const s3 = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
    const Condition = { ArnEquals: { 'iam:PolicyARN': s3 } };
    const actions = ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'];
    const { iam } = await roleWith(
      'attaches',
      document({ Effect: 'Allow', Action: actions, Resource: '*', Condition }),
    );
    await createRole('target');
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'target', PolicyArn: s3 }));
    const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await isDenied(iam.send(new AttachRolePolicyCommand({ RoleName: 'target', PolicyArn: admin })));
    await isDenied(iam.send(new DetachRolePolicyCommand({ RoleName: 'target', PolicyArn: admin })));
    await iam.send(new DetachRolePolicyCommand({ RoleName: 'target', PolicyArn: s3 }));
  });

  test('may depend on tags, of the request and of the role', async () => {
    const kept = { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['kept'] } };
    const own = { StringEquals: { 'aws:ResourceTag/team': 'a' } };
    const given = {
      StringEquals: { 'aws:RequestTag/team': 'a' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
    };
    const { iam } = await roleWith(
      'tagging',
      document(
        { Effect: 'Allow', Action: ['iam:GetRole', 'iam:UntagRole'], Resource: '*', Condition: own },
        { Effect: 'Deny', Action: 'iam:UntagRole', Resource: '*', Condition: kept },
        { Effect: 'Allow', Action: ['iam:TagRole', 'iam:CreateRole'], Resource: '*', Condition: given },
      ),
    );
    await createRole('ours', { Tags: [{ Key: 'team', Value: 'a' }] });
    await createRole('theirs', { Tags: [{ Key: 'team', Value: 'b' }] });
    await iam.send(new GetRoleCommand({ RoleName: 'ours' }));
    await isDenied(iam.send(new GetRoleCommand({ RoleName: 'theirs' })));
    const tag = (...Tags: { Key: string; Value: string }[]) =>
      iam.send(new TagRoleCommand({ RoleName: 'theirs', Tags }));
    await isDenied(tag({ Key: 'team', Value: 'b' }));
    await isDenied(tag({ Key: 'team', Value: 'a' }, { Key: 'more', Value: '' }));
    await tag({ Key: 'team', Value: 'a' });
    await isDenied(iam.send(new UntagRoleCommand({ RoleName: 'theirs', TagKeys: ['team', 'kept'] })));
    await iam.send(new UntagRoleCommand({ RoleName: 'theirs', TagKeys: ['team'] }));
    await isDenied(iam.send(new UntagRoleCommand({ RoleName: 'theirs', TagKeys: ['team'] })));
    const create = (Tags: { Key: string; Value: string }[]) =>
      iam.send(new CreateRoleCommand({ RoleName: 'tagged', AssumeRolePolicyDocument: trustsAccount, Tags }));
    await isDenied(create([{ Key: 'team', Value: 'b' }]));
    await create([{ Key: 'team', Value: 'a' }]);
  });

  test('to create a role do not include the right to tag it', async () => {
    const { iam } = await roleWith('untagged', allow(['iam:CreateRole', 'iam:CreatePolicy']));
    const AssumeRolePolicyDocument = trustsAccount;
    const Tags = [{ Key: 'a', Value: 'b' }];
    const tagged = iam.send(new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument, Tags }));
    assert.match((await refusal(tagged)).message, /iam:TagRole/);
    await iam.send(new CreateRoleCommand({ RoleName: 'x', AssumeRolePolicyDocument }));
    const policy = { PolicyName: 'x', PolicyDocument: allow('s3:*') };
    assert.match((await refusal(iam.send(new CreatePolicyCommand({ ...policy, Tags })))).message, /iam:TagPolicy/);
    await iam.send(new CreatePolicyCommand(policy));
  });

  test('may name the service that a role is made for', async () => {
    const service = 'lambda.application-autoscaling.amazonaws.com';
    const Condition = { StringLike: { 'iam:AWSServiceName': service } };
    const right = {
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: role('aws-service-role/*'),
      Condition,
    };
    const { iam } = await roleWith('linking', document(right));
    const other = 'sagemaker.application-autoscaling.amazonaws.com';
    await isDenied(iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: other })));
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
  });
});
