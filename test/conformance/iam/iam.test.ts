import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListInstanceProfilesForRoleCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  PutRolePolicyCommand,
  paginateListRoles,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  UpdateRoleDescriptionCommand,
} from '@aws-sdk/client-iam';
import { type Account, allow, document, openAccount, refusal, trust, trustsAccount } from './account.ts';

let account: Account;
before(async () => {
  account = await openAccount();
});
after(() => account.close());

const s3FullAccess = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
const own = (name: string): string => `arn:aws:iam::000000000000:policy/${name}`;

async function createRole(RoleName: string, more: object = {}): Promise<void> {
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustsAccount, ...more }));
}

describe('serialization', () => {
  test('a role as XML, its document URL-encoded as RFC 3986 has it, times to the second', async () => {
    await createRole('xml', { Description: "it's (a) role*!" });
    const { status, body } = await account.post('iam', 'Action=GetRole&Version=2010-05-08&RoleName=xml');
    assert.equal(status, 200);
    assert.match(
      body,
      /^<GetRoleResponse xmlns="https:\/\/iam\.amazonaws\.com\/doc\/2010-05-08\/"><GetRoleResult><Role>/,
    );
    assert.match(body, /<Path>\/<\/Path><RoleName>xml<\/RoleName><RoleId>AROA[A-Z2-7]{17}<\/RoleId>/);
    assert.match(body, /<CreateDate>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/CreateDate>/);
    assert.match(body, /<AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22/);
    assert.match(
      body,
      /<ResponseMetadata><RequestId>[-0-9a-f]{36}<\/RequestId><\/ResponseMetadata><\/GetRoleResponse>$/,
    );
    assert.doesNotMatch(body, /<Tags>/);
  });

  test('characters that JavaScript leaves alone are escaped in documents too', async () => {
    await createRole('escapes');
    const PolicyDocument = document({ Sid: '', Effect: 'Allow', Action: 's3:*', Resource: "arn:aws:s3:::b/it's(!)*" });
    await account.iam.send(new PutRolePolicyCommand({ RoleName: 'escapes', PolicyName: 'p', PolicyDocument }));
    const got = await account.iam.send(new GetRolePolicyCommand({ RoleName: 'escapes', PolicyName: 'p' }));
    assert.match(got.PolicyDocument ?? '', /it%27s%28%21%29%2A/);
    assert.equal(decodeURIComponent(got.PolicyDocument ?? ''), PolicyDocument);
  });

  test('lists have members, an operation without output has no result', async () => {
    const form =
      'Version=2010-05-08&RoleName=xml&Tags.member.1.Key=k&Tags.member.1.Value=&Tags.member.2.Key=l&Tags.member.2.Value=v';
    const tagged = await account.post('iam', `Action=TagRole&${form}`);
    assert.match(tagged.body, /^<TagRoleResponse xmlns="[^"]+"><ResponseMetadata>/);
    const { body } = await account.post('iam', 'Action=ListRoleTags&Version=2010-05-08&RoleName=xml');
    assert.match(
      body,
      /<Tags><member><Key>k<\/Key><Value\s*(\/>|><\/Value>)<\/member><member><Key>l<\/Key><Value>v<\/Value><\/member><\/Tags>/,
    );
  });

  test('an error as XML', async () => {
    const { status, body } = await account.post('iam', 'Action=GetRole&Version=2010-05-08&RoleName=nobody');
    assert.equal(status, 404);
    assert.match(
      body,
      /<Error><Type>Sender<\/Type><Code>NoSuchEntity<\/Code><Message>The role with name nobody cannot be found\.<\/Message><\/Error>/,
    );
  });
});

describe('validation', () => {
  const create = (input: object) =>
    refusal(
      account.iam.send(new CreateRoleCommand({ RoleName: 'v', AssumeRolePolicyDocument: trustsAccount, ...input })),
    );

  test('names and numbers, in IAM’s words', async () => {
    assert.deepEqual(await create({ RoleName: 'a b' }), {
      code: 'ValidationError',
      message:
        'The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
      status: 400,
    });
    assert.match(
      (await create({ RoleName: 'a'.repeat(65) })).message,
      /'roleName' .* length less than or equal to 64$/,
    );
    assert.match(
      (await create({ MaxSessionDuration: 60 })).message,
      /'maxSessionDuration' .* greater than or equal to 3600$/,
    );
    const { iam } = account;
    assert.equal((await refusal(iam.send(new ListRolesCommand({ MaxItems: 1001 })))).code, 'ValidationError');
    assert.equal((await refusal(iam.send(new ListRolesCommand({ Marker: 'mine' })))).message, 'Invalid Marker.');
  });

  test('documents, in IAM’s words', async () => {
    const trusted = async (AssumeRolePolicyDocument: string) => (await create({ AssumeRolePolicyDocument })).message;
    assert.equal(await trusted('{'), 'This policy contains invalid Json');
    assert.equal(
      await trusted(trust('*', { Action: 's3:GetObject' })),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    );
    assert.equal(await trusted(trust('*', { Resource: '*' })), 'Has prohibited field Resource');
    const nobody = 'arn:aws:iam::000000000000:role/nobody';
    assert.equal(await trusted(trust(nobody)), `Invalid principal in policy: "AWS":"${nobody}"`);
    assert.equal((await create({ AssumeRolePolicyDocument: '{' })).code, 'MalformedPolicyDocument');
    const large = trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x'.repeat(2000) } } });
    assert.deepEqual(await create({ AssumeRolePolicyDocument: large }), {
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for ACLSizePerRole: 2048',
      status: 409,
    });
    const policy = { PolicyName: 'v', PolicyDocument: document({ Effect: 'Allow', Action: 's3:*', Resource: 'b' }) };
    assert.deepEqual(await refusal(account.iam.send(new CreatePolicyCommand(policy))), {
      code: 'MalformedPolicyDocument',
      message: 'Resource b must be in ARN format or "*".',
      status: 400,
    });
  });

  test('what is not supported is refused by name', async () => {
    const { code, message, status } = await create({ PermissionsBoundary: s3FullAccess });
    assert.deepEqual([code, status], ['NotImplemented', 501]);
    assert.match(message, /^PermissionsBoundary of /);
    const service = new CreateServiceLinkedRoleCommand({ AWSServiceName: 'autoscaling.amazonaws.com' });
    assert.equal((await refusal(account.iam.send(service))).status, 501);
  });

  test('tags', async () => {
    const tag = (...keys: string[]) => ({ Tags: keys.map((Key) => ({ Key, Value: 'v' })) });
    assert.deepEqual(await create(tag('Team', 'team')), {
      code: 'InvalidInput',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      status: 400,
    });
    assert.equal((await create(tag('aws:team'))).code, 'InvalidInput');
  });
});

describe('roles', () => {
  test('are created, read, changed and deleted', async () => {
    const { iam } = account;
    const made = await iam.send(
      new CreateRoleCommand({
        RoleName: 'Life',
        Path: '/team/',
        AssumeRolePolicyDocument: trustsAccount,
        Description: 'first',
        Tags: [{ Key: 'Team', Value: 'a' }],
      }),
    );
    const arn = 'arn:aws:iam::000000000000:role/team/Life';
    assert.equal(made.Role?.Arn, arn);
    // As AWS: a new role is told without description and duration.
    assert.deepEqual([made.Role?.Description, made.Role?.MaxSessionDuration], [undefined, undefined]);
    assert.deepEqual(made.Role?.Tags, [{ Key: 'Team', Value: 'a' }]);
    assert.deepEqual(await refusal(createRole('LIFE')), {
      code: 'EntityAlreadyExists',
      message: 'Role with name LIFE already exists.',
      status: 409,
    });

    await iam.send(new UpdateRoleCommand({ RoleName: 'life', MaxSessionDuration: 7200 }));
    assert.equal((await iam.send(new GetRoleCommand({ RoleName: 'Life' }))).Role?.Description, 'first');
    await iam.send(new UpdateRoleDescriptionCommand({ RoleName: 'Life', Description: 'second' }));
    const sagemaker = document({
      Effect: 'Allow',
      Principal: { Service: 'sagemaker.amazonaws.com' },
      Action: 'sts:AssumeRole',
    });
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'Life', PolicyDocument: sagemaker }));
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: 'life' }));
    assert.deepEqual([role?.RoleName, role?.Description, role?.MaxSessionDuration], ['Life', 'second', 7200]);
    assert.equal(decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''), sagemaker);
    assert.deepEqual(role?.RoleLastUsed, {});
    assert.deepEqual(
      await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: 'Life' })).then(withoutMetadata),
      {
        InstanceProfiles: [],
        IsTruncated: false,
      },
    );

    await iam.send(new DeleteRoleCommand({ RoleName: 'Life' }));
    const gone = { code: 'NoSuchEntity', message: 'The role with name Life cannot be found.', status: 404 };
    assert.deepEqual(await refusal(iam.send(new GetRoleCommand({ RoleName: 'Life' }))), gone);
    assert.deepEqual(await refusal(iam.send(new DeleteRoleCommand({ RoleName: 'Life' }))), gone);
    await createRole('Life');
    const { Role: again } = await iam.send(new GetRoleCommand({ RoleName: 'Life' }));
    assert.notEqual(again?.RoleId, role?.RoleId);
  });

  test('are listed in pages, by path', async () => {
    for (let index = 0; index < 5; index++)
      await createRole(`page-${index}`, { Path: '/pages/here/', Description: 'd' });
    const names: (string | undefined)[] = [];
    for await (const { Roles } of paginateListRoles({ client: account.iam, pageSize: 2 }, { PathPrefix: '/pages/' })) {
      names.push(...(Roles ?? []).map(({ RoleName }) => RoleName));
      assert.ok(
        (Roles ?? []).every(({ Tags, RoleLastUsed, Description }) => !Tags && !RoleLastUsed && Description === 'd'),
      );
    }
    assert.deepEqual(names, ['page-0', 'page-1', 'page-2', 'page-3', 'page-4']);
    const none = await account.iam.send(new ListRolesCommand({ PathPrefix: '/nowhere/' }));
    assert.deepEqual([none.Roles, none.IsTruncated], [[], false]);
  });

  test('are tagged: keys without case, 50 at most', async () => {
    const { iam } = account;
    await createRole('tags');
    const tags = async () => (await iam.send(new ListRoleTagsCommand({ RoleName: 'tags' }))).Tags;
    await iam.send(
      new TagRoleCommand({
        RoleName: 'tags',
        Tags: [
          { Key: 'one', Value: '1' },
          { Key: 'two', Value: '2' },
        ],
      }),
    );
    await iam.send(new TagRoleCommand({ RoleName: 'tags', Tags: [{ Key: 'ONE', Value: 'i' }] }));
    assert.deepEqual(await tags(), [
      { Key: 'ONE', Value: 'i' },
      { Key: 'two', Value: '2' },
    ]);
    await iam.send(new UntagRoleCommand({ RoleName: 'tags', TagKeys: ['TWO', 'three'] }));
    assert.deepEqual(await tags(), [{ Key: 'ONE', Value: 'i' }]);
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    assert.equal((await refusal(iam.send(new TagRoleCommand({ RoleName: 'tags', Tags: many })))).code, 'LimitExceeded');
    assert.deepEqual(await tags(), [{ Key: 'ONE', Value: 'i' }]);
  });

  test('of services are made once and stay as they are', async () => {
    const { iam } = account;
    const AWSServiceName = 'sagemaker.application-autoscaling.amazonaws.com';
    const { Role: role } = await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }));
    const RoleName = 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';
    assert.equal(role?.Arn, `arn:aws:iam::000000000000:role/aws-service-role/${AWSServiceName}/${RoleName}`);
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    const [{ PolicyArn } = {}] = attached.AttachedPolicies ?? [];
    assert.match(PolicyArn ?? '', /aws-service-role\/AWSApplicationAutoscalingSageMakerEndpointPolicy$/);
    assert.deepEqual(await refusal(iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }))), {
      code: 'InvalidInput',
      message: `Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
      status: 400,
    });
    const untouchable = {
      code: 'UnmodifiableEntity',
      message: `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
      status: 400,
    };
    const changes = [
      iam.send(new DeleteRoleCommand({ RoleName })),
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: s3FullAccess })),
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: allow('s3:*') })),
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trustsAccount })),
    ];
    for (const change of changes) assert.deepEqual(await refusal(change), untouchable);
    await createRole('customer');
    const attach = new AttachRolePolicyCommand({ RoleName: 'customer', PolicyArn });
    assert.deepEqual(await refusal(iam.send(attach)), {
      code: 'PolicyNotAttachable',
      message: 'Cannot attach a Service Role Policy to a Customer Role.',
      status: 400,
    });
  });
});

describe('inline policies', () => {
  test('are put, read, replaced, listed and deleted', async () => {
    const { iam } = account;
    const RoleName = 'inline';
    await createRole(RoleName);
    const put = (PolicyName: string, PolicyDocument: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    await put('b', allow('s3:*'));
    await put('a', allow('logs:*'));
    await put('B', allow('iam:*'));
    const listed = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    assert.deepEqual(listed.PolicyNames, ['a', 'b']);
    const first = await iam.send(new ListRolePoliciesCommand({ RoleName, MaxItems: 1 }));
    assert.deepEqual([first.PolicyNames, first.IsTruncated], [['a'], true]);
    const second = await iam.send(new ListRolePoliciesCommand({ RoleName, Marker: first.Marker }));
    assert.deepEqual([second.PolicyNames, second.IsTruncated], [['b'], false]);
    const got = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'b' }));
    assert.equal(decodeURIComponent(got.PolicyDocument ?? ''), allow('iam:*'));
    assert.equal(
      (await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).message,
      'Cannot delete entity, must delete policies first.',
    );
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'a' }));
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'b' }));
    for (const Command of [GetRolePolicyCommand, DeleteRolePolicyCommand]) {
      assert.deepEqual(await refusal(iam.send(new Command({ RoleName, PolicyName: 'b' }) as GetRolePolicyCommand)), {
        code: 'NoSuchEntity',
        message: 'The role policy with name b cannot be found.',
        status: 404,
      });
    }
    await iam.send(new DeleteRoleCommand({ RoleName }));
  });

  test('of a role have 10,240 characters together, white space apart', async () => {
    const { iam } = account;
    const RoleName = 'inline-size';
    await createRole(RoleName);
    const sized = (size: number) => {
      const rest = allow('s3:*', 'arn:aws:s3:::').length;
      return allow('s3:*', `arn:aws:s3:::${'b'.repeat(size - rest)}`);
    };
    const put = (PolicyName: string, PolicyDocument: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    await put('one', sized(6000));
    await put('two', `${sized(4240)}${' '.repeat(500)}`);
    assert.deepEqual(await refusal(put('two', sized(4241))), {
      code: 'LimitExceeded',
      message: 'Maximum policy size of 10240 bytes exceeded for role inline-size',
      status: 409,
    });
    await put('one', sized(5999));
    await put('two', sized(4241));
  });
});

describe('managed policies', () => {
  test('are created, read and deleted', async () => {
    const { iam } = account;
    const PolicyDocument = allow('s3:GetObject');
    const { Policy: made } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'Read', Path: '/team/', PolicyDocument, Description: 'reads' }),
    );
    const PolicyArn = own('team/Read');
    assert.match(made?.PolicyId ?? '', /^ANPA[A-Z2-7]{17}$/);
    assert.deepEqual([made?.Arn, made?.Description, made?.Tags], [PolicyArn, undefined, undefined]);
    assert.deepEqual(await refusal(iam.send(new CreatePolicyCommand({ PolicyName: 'READ', PolicyDocument }))), {
      code: 'EntityAlreadyExists',
      message: 'A policy called READ already exists. Duplicate names are not allowed.',
      status: 409,
    });
    const { Policy: policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    assert.deepEqual(policy, { ...made, Description: 'reads', Tags: [] });
    assert.deepEqual([policy?.AttachmentCount, policy?.DefaultVersionId, policy?.IsAttachable], [0, 'v1', true]);
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    assert.equal(decodeURIComponent(PolicyVersion?.Document ?? ''), PolicyDocument);
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    assert.deepEqual(Versions, [{ VersionId: 'v1', IsDefaultVersion: true, CreateDate: made?.CreateDate }]);
    assert.deepEqual(await refusal(iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v9' }))), {
      code: 'NoSuchEntity',
      message: `Policy ${PolicyArn} version v9 does not exist or is not attachable.`,
      status: 404,
    });
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
    assert.deepEqual(await refusal(iam.send(new GetPolicyCommand({ PolicyArn }))), {
      code: 'NoSuchEntity',
      message: `Policy ${PolicyArn} was not found.`,
      status: 404,
    });
    await iam.send(new CreatePolicyCommand({ PolicyName: 'Read', Path: '/team/', PolicyDocument: allow('s3:List*') }));
    const again = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    assert.equal(decodeURIComponent(again.PolicyVersion?.Document ?? ''), allow('s3:List*'));
  });

  test('are attached to roles, ten at most, and counted', async () => {
    const { iam } = account;
    const RoleName = 'attached';
    await createRole(RoleName, { Path: '/attached/' });
    const arns = Array.from({ length: 11 }, (_, index) => own(`many-${index}`));
    for (const arn of arns) {
      await iam.send(new CreatePolicyCommand({ PolicyName: arn.split('/')[1], PolicyDocument: allow('s3:*') }));
    }
    const attach = (PolicyArn = '') => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const missing = own('nothing');
    assert.equal((await refusal(attach(missing))).message, `Policy ${missing} does not exist or is not attachable.`);
    await attach(s3FullAccess);
    await attach(s3FullAccess);
    for (const arn of arns.slice(0, 9)) await attach(arn);
    assert.deepEqual(await refusal(attach(arns[9])), {
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for PoliciesPerRole: 10',
      status: 409,
    });
    await attach(s3FullAccess);
    const listed = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName, MaxItems: 4 }));
    assert.deepEqual([listed.AttachedPolicies?.length, listed.IsTruncated], [4, true]);
    const rest = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker: listed.Marker }));
    assert.equal(rest.AttachedPolicies?.length, 6);

    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arns[0] }));
    assert.equal(Policy?.AttachmentCount, 1);
    const entities = (more: object) => iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: arns[0], ...more }));
    assert.deepEqual(
      (await entities({})).PolicyRoles?.map((role) => role.RoleName),
      [RoleName],
    );
    assert.deepEqual((await entities({ EntityFilter: 'User' })).PolicyRoles, []);
    assert.deepEqual((await entities({ PathPrefix: '/elsewhere/' })).PolicyRoles, []);
    assert.deepEqual(await refusal(iam.send(new DeletePolicyCommand({ PolicyArn: arns[0] }))), {
      code: 'DeleteConflict',
      message: 'Cannot delete a policy attached to entities.',
      status: 409,
    });
    assert.equal(
      (await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).message,
      'Cannot delete entity, must detach all policies first.',
    );
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: arns[0] }));
    assert.deepEqual(await refusal(iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: arns[0] }))), {
      code: 'NoSuchEntity',
      message: `Policy ${arns[0]} was not found.`,
      status: 404,
    });
    await iam.send(new DeletePolicyCommand({ PolicyArn: arns[0] }));
  });

  test('are listed by scope, use and path', async () => {
    const { iam } = account;
    await createRole('scoped');
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'scoped', PolicyArn: s3FullAccess }));
    await iam.send(new CreatePolicyCommand({ PolicyName: 'scoped', Path: '/scoped/', PolicyDocument: allow('s3:*') }));
    const arns = async (input: object) =>
      (await iam.send(new ListPoliciesCommand(input))).Policies?.map(({ Arn = '' }) => Arn) ?? [];
    const all = await arns({});
    assert.ok(all.includes(own('scoped/scoped')) && all.includes(s3FullAccess));
    assert.ok((await arns({ Scope: 'AWS' })).every((arn) => arn.startsWith('arn:aws:iam::aws:')));
    assert.ok((await arns({ Scope: 'Local' })).every((arn) => arn.startsWith('arn:aws:iam::000000000000:')));
    assert.deepEqual(await arns({ PathPrefix: '/scoped/' }), [own('scoped/scoped')]);
    const attached = await arns({ OnlyAttached: true });
    assert.ok(attached.includes(s3FullAccess) && !attached.includes(own('scoped/scoped')));
  });

  test('have 6,144 characters at most, white space apart', async () => {
    const { iam } = account;
    const fill = 6144 - allow('s3:*', 'arn:aws:s3:::').length;
    const create = (PolicyName: string, PolicyDocument: string) =>
      iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
    await create('full', `\n${allow('s3:*', `arn:aws:s3:::${'b'.repeat(fill)}`)}\t `);
    assert.deepEqual(await refusal(create('over', allow('s3:*', `arn:aws:s3:::${'b'.repeat(fill + 1)}`))), {
      code: 'LimitExceeded',
      message: 'Cannot exceed quota for PolicySize: 6144',
      status: 409,
    });
  });

  test('of AWS are there with their documents, and nobody’s to delete', async () => {
    const { iam } = account;
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS' }));
    for (const { Arn, DefaultVersionId } of Policies ?? []) {
      const { PolicyVersion } = await iam.send(
        new GetPolicyVersionCommand({ PolicyArn: Arn, VersionId: DefaultVersionId }),
      );
      const { Version } = JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')) as { Version: string };
      assert.equal(Version, '2012-10-17', Arn);
    }
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: s3FullAccess }));
    assert.deepEqual(
      [Policy?.PolicyId, Policy?.DefaultVersionId, Policy?.Description],
      ['ANPAIFIR6V6BVTRAHWINE', 'v2', 'Provides full access to all buckets via the AWS Management Console.'],
    );
    assert.equal((await refusal(iam.send(new DeletePolicyCommand({ PolicyArn: s3FullAccess })))).code, 'AccessDenied');
  });
});

function withoutMetadata({ $metadata: _metadata, ...rest }: { $metadata: unknown }): object {
  return rest;
}
