import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { type Account, allow, document, openAccount, refusal, trust, trustsAccount } from '../iam/account.ts';

let account: Account;
before(async () => {
  account = await openAccount();
});
after(() => account.close());

const arnOf = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;
const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';

async function createRole(RoleName: string, more: object = {}): Promise<void> {
  await account.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trustsAccount, ...more }));
}

async function createAdmin(RoleName: string, more: object = {}): Promise<void> {
  await createRole(RoleName, more);
  await account.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: admin }));
}

const assume = (name: string, more: Partial<AssumeRoleCommandInput> = {}, { sts } = account as Pick<Account, 'sts'>) =>
  sts.send(new AssumeRoleCommand({ RoleArn: arnOf(name), RoleSessionName: 'session', ...more }));

const seconds = ({ Expiration }: Partial<Credentials> = {}): number =>
  Math.round(((Expiration?.getTime() ?? 0) - Date.now()) / 60_000) * 60;

const notAllowed = (name: string, user = 'arn:aws:iam::000000000000:root') => ({
  code: 'AccessDenied',
  message: `User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${arnOf(name)}`,
  status: 403,
});

describe('serialization', () => {
  test('the caller as XML', async () => {
    const { status, body } = await account.post('sts', 'Action=GetCallerIdentity&Version=2011-06-15');
    assert.equal(status, 200);
    assert.match(
      body,
      /^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><GetCallerIdentityResult><UserId>000000000000<\/UserId><Account>000000000000<\/Account><Arn>arn:aws:iam::000000000000:root<\/Arn><\/GetCallerIdentityResult><ResponseMetadata><RequestId>/,
    );
  });

  test('credentials as XML', async () => {
    await createRole('xml');
    const form = `RoleArn=${encodeURIComponent(arnOf('xml'))}&RoleSessionName=s1`;
    const { body } = await account.post('sts', `Action=AssumeRole&Version=2011-06-15&${form}`);
    assert.match(body, /<AssumedRoleId>AROA[A-Z2-7]{17}:s1<\/AssumedRoleId>/);
    assert.match(body, /<Arn>arn:aws:sts::000000000000:assumed-role\/xml\/s1<\/Arn>/);
    assert.match(
      body,
      /<AccessKeyId>ASIA[A-Z2-7]{16}<\/AccessKeyId><SecretAccessKey>[A-Za-z0-9+/]{40}<\/SecretAccessKey>/,
    );
    assert.match(body, /<Expiration>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/Expiration>/);
    assert.doesNotMatch(body, /PackedPolicySize/);
  });
});

describe('validation', () => {
  test('of names and ARNs', async () => {
    await createRole('named');
    assert.deepEqual(await refusal(assume('named', { RoleSessionName: 'a:b' })), {
      code: 'ValidationError',
      message:
        "1 validation error detected: Value 'a:b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
      status: 400,
    });
    for (const RoleArn of ['nothing-valid-in-here', 'arn::b:::something/test-role', 'arn:a:::something/test-role']) {
      const { code, message } = await refusal(assume('named', { RoleArn }));
      assert.deepEqual([code, message], ['ValidationError', `${RoleArn} is invalid`]);
    }
    assert.equal((await refusal(assume('named', { DurationSeconds: 899 }))).code, 'ValidationError');
  });

  test('what is not supported is refused by name', async () => {
    await createRole('plain');
    const { message, status } = await refusal(assume('plain', { Tags: [{ Key: 'a', Value: 'b' }] }));
    assert.equal(status, 501);
    assert.match(message, /^Tags of /);
  });
});

describe('AssumeRole', () => {
  test('gives credentials of the role', async () => {
    await createRole('Given', { Path: '/team/' });
    const { Credentials, AssumedRoleUser } = await assume('team/Given', { RoleSessionName: 'me@home' });
    const { Role } = await account.iam.send(new GetRoleCommand({ RoleName: 'Given' }));
    const { sts, iam } = account.as(Credentials);
    const { UserId, Account: id, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    assert.deepEqual([UserId, id], [`${Role?.RoleId}:me@home`, '000000000000']);
    assert.equal(Arn, 'arn:aws:sts::000000000000:assumed-role/Given/me@home');
    assert.deepEqual(AssumedRoleUser, { AssumedRoleId: UserId, Arn });
    assert.equal(seconds(Credentials), 3600);
    assert.equal((await refusal(iam.send(new ListRolesCommand({})))).code, 'AccessDenied');
  });

  test('refuses alike what is not trusted and what is not there', async () => {
    const service = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    await createRole('of-lambda', { AssumeRolePolicyDocument: document(service) });
    assert.deepEqual(await refusal(assume('of-lambda')), notAllowed('of-lambda'));
    assert.deepEqual(await refusal(assume('of-nobody')), notAllowed('of-nobody'));
    await createAdmin('administrator');
    const caller = account.as((await assume('administrator')).Credentials);
    const user = 'arn:aws:sts::000000000000:assumed-role/administrator/session';
    assert.deepEqual(await refusal(assume('of-nobody', {}, caller)), notAllowed('of-nobody', user));
  });

  test('by a role takes the trust and, unless it is named itself, a right', async () => {
    await createRole('caller');
    const trusts = { AssumeRolePolicyDocument: trust(arnOf('caller')) };
    await createRole('trusts-caller', trusts);
    await createRole('trusts-account');
    const caller = account.as((await assume('caller')).Credentials);
    const user = 'arn:aws:sts::000000000000:assumed-role/caller/session';
    await assume('trusts-caller', {}, caller);
    assert.deepEqual(await refusal(assume('trusts-account', {}, caller)), notAllowed('trusts-account', user));
    const rights = {
      RoleName: 'caller',
      PolicyName: 'p',
      PolicyDocument: allow('sts:AssumeRole', arnOf('trusts-account')),
    };
    await account.iam.send(new PutRolePolicyCommand(rights));
    await assume('trusts-account', {}, caller);
    const forbid = document({ Effect: 'Deny', Action: 'sts:*', Resource: '*' });
    await account.iam.send(new PutRolePolicyCommand({ ...rights, PolicyDocument: forbid }));
    assert.deepEqual(await refusal(assume('trusts-caller', {}, caller)), notAllowed('trusts-caller', user));
  });

  test('looks at the external id and the name of the session', async () => {
    const Condition = { StringEquals: { 'sts:ExternalId': 'secret', 'sts:RoleSessionName': 'right' } };
    await createRole('conditional', {
      AssumeRolePolicyDocument: trust('000000000000', { Condition }),
    });
    const right = { RoleSessionName: 'right', ExternalId: 'secret' };
    await assume('conditional', right);
    for (const wrong of [{ RoleSessionName: 'wrong' }, { ExternalId: 'wrong' }, { ExternalId: undefined }]) {
      assert.deepEqual(await refusal(assume('conditional', { ...right, ...wrong })), notAllowed('conditional'));
    }
  });

  test('lasts as long as the role allows, an hour where a role assumes a role', async () => {
    await createRole('long', { MaxSessionDuration: 7200 });
    assert.equal(seconds((await assume('long', { DurationSeconds: 7200 })).Credentials), 7200);
    assert.equal(seconds((await assume('long', { DurationSeconds: 900 })).Credentials), 900);
    assert.deepEqual(await refusal(assume('long', { DurationSeconds: 7201 })), {
      code: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      status: 400,
    });
    await createAdmin('chained', { MaxSessionDuration: 7200 });
    const caller = account.as((await assume('chained')).Credentials);
    assert.equal(
      (await refusal(assume('long', { DurationSeconds: 3601 }, caller))).message,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
    await assume('long', { DurationSeconds: 3600 }, caller);
  });

  test('is cut down by session policies', async () => {
    await createAdmin('cut');
    const { iam } = account;
    const getRole = (clients: Pick<Account, 'iam'>) => clients.iam.send(new GetRoleCommand({ RoleName: 'cut' }));
    const listRoles = (clients: Pick<Account, 'iam'>) => clients.iam.send(new ListRolesCommand({}));
    const inline = await assume('cut', { Policy: allow('iam:GetRole') });
    assert.ok((inline.PackedPolicySize ?? 0) > 0 && (inline.PackedPolicySize ?? 0) < 20);
    await getRole(account.as(inline.Credentials));
    const { code, message } = await refusal(listRoles(account.as(inline.Credentials)));
    assert.equal(code, 'AccessDenied');
    assert.match(message, /because no session policy allows the iam:ListRoles action$/);

    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'Lists', PolicyDocument: allow('iam:List*') }),
    );
    const managed = account.as((await assume('cut', { PolicyArns: [{ arn: Policy?.Arn }] })).Credentials);
    await listRoles(managed);
    assert.equal((await refusal(getRole(managed))).code, 'AccessDenied');

    const nothing = account.as(
      (await assume('cut', { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' }] })).Credentials,
    );
    assert.equal((await refusal(getRole(nothing))).code, 'AccessDenied');
  });

  test('refuses session policies that are none', async () => {
    await createAdmin('refuses');
    assert.deepEqual(await refusal(assume('refuses', { Policy: '{}' })), {
      code: 'MalformedPolicyDocument',
      message: 'Syntax errors in policy.',
      status: 400,
    });
    const missing = 'arn:aws:iam::000000000000:policy/missing';
    assert.equal(
      (await refusal(assume('refuses', { PolicyArns: [{ arn: missing }] }))).message,
      `${missing} is invalid`,
    );
    const large = allow('s3:*', `arn:aws:s3:::${'b'.repeat(2000)}`);
    const { code, message } = await refusal(assume('refuses', { Policy: large }));
    assert.equal(code, 'PackedPolicyTooLarge');
    assert.match(message, /^Packed policy consumes 10\d% of allotted space/);
  });
});

describe('temporary keys', () => {
  test('need their own token', async () => {
    await createRole('tokens');
    const { Credentials: one } = await assume('tokens');
    const { Credentials: two } = await assume('tokens');
    const identity = (credentials: Partial<Credentials>) =>
      account.as(credentials as Credentials).sts.send(new GetCallerIdentityCommand({}));
    await identity({ ...one });
    for (const wrong of [
      { ...one, SessionToken: two?.SessionToken ?? '' },
      { ...one, AccessKeyId: 'ASIAAAAAAAAAAAAAAAAA' },
    ]) {
      assert.equal((await refusal(identity(wrong))).code, 'InvalidClientTokenId');
    }
    assert.equal(
      (await refusal(identity({ ...one, SecretAccessKey: two?.SecretAccessKey ?? '' }))).code,
      'SignatureDoesNotMatch',
    );
  });

  test('of the root user last an hour at most and give no further ones', async () => {
    const token = (clients: Pick<Account, 'sts'>, DurationSeconds?: number) =>
      clients.sts.send(new GetSessionTokenCommand({ DurationSeconds }));
    assert.equal(seconds((await token(account, 900)).Credentials), 900);
    const { Credentials } = await token(account, 129_600);
    assert.equal(seconds(Credentials), 3600);
    const temporary = account.as(Credentials);
    const { Arn } = await temporary.sts.send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, 'arn:aws:iam::000000000000:root');
    const refused = {
      code: 'AccessDenied',
      message: 'Cannot call GetSessionToken with session credentials',
      status: 403,
    };
    assert.deepEqual(await refusal(token(temporary)), refused);
    await createAdmin('no-token');
    assert.deepEqual(await refusal(token(account.as((await assume('no-token')).Credentials))), refused);
  });
});
