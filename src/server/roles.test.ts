import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assumableRole, createIam, isCurrentRole, policiesOfRole } from '../services/iam/index.ts';
import type { Call } from '../services/operation.ts';
import { createS3 } from '../services/s3/index.ts';
import type { AssumeOptions, RoleSession } from '../services/sagemaker/index.ts';
import type { Service } from '../services/service.ts';
import { createSession, findSession } from '../services/sts/index.ts';
import { serviceTables } from '../services/tables.ts';
import { openStore } from '../store/index.ts';
import { createAuthorizer, type DecisionRecord } from './authorize.ts';
import { createRoles } from './roles.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/service-role/Train`;
const options: AssumeOptions = { sessionName: 'dogs 1', region: 'us-east-1' };
const trustOf = (service: string, condition: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', Condition: condition },
  });

async function openGround() {
  const directory = await mkdtemp(join(tmpdir(), 'whippet-roles-'));
  const store = await openStore({ directory, schemas: serviceTables, durability: 'memory' });
  const time = { now: Date.UTC(2026, 0, 1) };
  const common = { database: store.database, clock: { now: () => new Date(time.now) }, random: randomBytes };
  const s3 = { store, clock: common.clock, random: randomBytes };
  const decisions: DecisionRecord[] = [];
  const policiesOf = (arn: string) => policiesOfRole(arn, common);
  const roles = createRoles({
    authorizer: createAuthorizer({ policiesOf, record: (decision) => decisions.push(decision), account }),
    ...{ createSession, sessions: common, s3, url: () => 'http://127.0.0.1:4566' },
    findRole: (arn) => assumableRole(arn, common),
    isCurrentRole: (principal) => isCurrentRole(principal, common),
  });
  const call = {
    ...{ account, region: 'us-east-1', now: new Date(time.now), headers: new Map(), allows: () => true },
    principal: { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, id: account },
  } as unknown as Call;
  const as = (service: Service) => async (name: string, input: object) =>
    service.operations[name]?.run(input as never, call, service.state);
  const iam = as(createIam(common) as Service);
  return {
    ...{ roles, iam, s3: as(createS3(s3) as Service), time, decisions, common },
    /** The role that jobs have: it may read `photos/` and nothing else. */
    async makeRole(trust = trustOf('sagemaker.amazonaws.com')) {
      await iam('CreateRole', { RoleName: 'Train', Path: '/service-role/', AssumeRolePolicyDocument: trust });
      const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/photos/*' };
      const document = JSON.stringify({ Version: '2012-10-17', Statement: statement });
      await iam('PutRolePolicy', { RoleName: 'Train', PolicyName: 'p', PolicyDocument: document });
    },
    async removeRole() {
      await iam('DeleteRolePolicy', { RoleName: 'Train', PolicyName: 'p' });
      await iam('DeleteRole', { RoleName: 'Train' });
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const getPhoto = { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/photos/a.jpg' };

test('a role is assumed where it is there and trusts SageMaker', async () => {
  await using ground = await openGround();
  assert.equal(await ground.roles.assume(roleArn, options), undefined);
  await ground.makeRole(trustOf('lambda.amazonaws.com'));
  assert.equal(await ground.roles.assume(roleArn, options), undefined);
  await ground.removeRole();
  await ground.makeRole();
  const session = await ground.roles.assume(roleArn, options);
  assert.equal(session?.arn, `arn:aws:sts::${account}:assumed-role/Train/dogs-1`);
  const [refused, taken] = ground.decisions.filter(({ action }) => action === 'sts:AssumeRole');
  assert.deepEqual([refused?.principal, refused?.allowed, taken?.allowed], ['sagemaker.amazonaws.com', false, true]);
});

test('conditions against confused deputies see the account and the job', async () => {
  await using ground = await openGround();
  const sourceArn = `arn:aws:sagemaker:us-east-1:${account}:training-job/dogs-1`;
  const condition = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:aws:sagemaker:*:${account}:training-job/dogs-*` },
  };
  await ground.makeRole(trustOf('sagemaker.amazonaws.com', condition));
  assert.ok(await ground.roles.assume(roleArn, { ...options, sourceArn }));
  assert.equal(
    await ground.roles.assume(roleArn, { ...options, sourceArn: `${sourceArn}-x`.replace('dogs', 'cats') }),
    undefined,
  );
});

test('rights count as they are at each call, and end with the role', async () => {
  await using ground = await openGround();
  await ground.makeRole();
  const { denial } = (await ground.roles.assume(roleArn, options)) as RoleSession;
  const put = { action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/photos/a.jpg' };
  assert.equal(await denial([getPhoto]), undefined);
  const noPut = `User: arn:aws:sts::${account}:assumed-role/Train/dogs-1 is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::bucket/photos/a.jpg" because no identity-based policy allows the s3:PutObject action`;
  assert.equal(await denial([getPhoto, put]), noPut);
  await ground.iam('AttachRolePolicy', { RoleName: 'Train', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' });
  assert.equal(await denial([getPhoto, put]), undefined);
  await ground.iam('DetachRolePolicy', { RoleName: 'Train', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' });
  await ground.removeRole();
  assert.match((await denial([getPhoto])) ?? '', /is not authorized/);
  // Another of that name has rights of its own.
  await ground.makeRole();
  assert.match((await denial([getPhoto])) ?? '', /is not authorized/);
});

test('objects are those that the role may have', async () => {
  await using ground = await openGround();
  await ground.makeRole();
  await ground.s3('CreateBucket', { Bucket: 'bucket' });
  const { objects } = (await ground.roles.assume(roleArn, options)) as RoleSession;
  const listed = async () => {
    for await (const _ of objects.list('bucket', 'photos/'));
  };
  await assert.rejects(listed(), { code: 'AccessDenied', message: /s3:ListBucket on resource: "arn:aws:s3:::bucket"/ });
  await assert.rejects(objects.put('bucket', 'photos/a.jpg', { bytes: Buffer.from('x') }), { code: 'AccessDenied' });
  await assert.rejects(objects.requireRights('bucket', ['photos/a.jpg', 'secret/a.jpg']), { code: 'AccessDenied' });
  assert.deepEqual(
    ground.decisions.filter(({ action }) => action === 's3:GetObject').map(({ principal }) => principal),
    [roleArn, roleArn],
    'sessions are as many as jobs',
  );
  // A bucket's policy may give what the role's own do not.
  const statement = {
    ...{ Effect: 'Allow', Principal: { AWS: roleArn }, Action: ['s3:PutObject', 's3:ListBucket'] },
    Resource: ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*'],
  };
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  await ground.s3('PutBucketPolicy', { Bucket: 'bucket', Policy: policy });
  await objects.put('bucket', 'photos/a.jpg', { bytes: Buffer.from('x') });
  await listed();
  assert.equal((await objects.head('bucket', 'photos/a.jpg'))?.size, 1);
});

test('credentials are the session’s, last as long as the role allows, and are made again before they end', async () => {
  await using ground = await openGround();
  await ground.makeRole();
  const session = (await ground.roles.assume(roleArn, options)) as RoleSession;
  const first = session.credentials;
  assert.equal(first.expiration.getTime(), ground.time.now + 3_600_000);
  const found = findSession(first.accessKeyId, ground.common);
  assert.deepEqual(
    [found?.secretAccessKey, found?.sessionToken, found?.principal.arn],
    [first.secretAccessKey, first.sessionToken, session.arn],
  );
  ground.time.now += 30 * 60_000;
  assert.equal(session.credentials.accessKeyId, first.accessKeyId);
  ground.time.now += 20 * 60_000;
  assert.equal(session.credentials.expiration.getTime(), ground.time.now + 3_600_000);
});
