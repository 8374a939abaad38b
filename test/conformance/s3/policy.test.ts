/** Bucket policies: kept as they are put, refused where they make no sense, and really in force. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  DeleteBucketPolicyCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf, element, rawRequest, send, statement } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

async function photos(): Promise<string> {
  const bucket = await client.bucket();
  await client.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'public/a', Body: 'open' }));
  await client.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'private/b', Body: 'closed' }));
  return bucket;
}

const put = (Bucket: string, policy: object | string) => {
  const Policy = typeof policy === 'string' ? policy : JSON.stringify(policy);
  return client.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
};

const get = (Bucket: string) => client.s3.send(new GetBucketPolicyCommand({ Bucket }));
const remove = (Bucket: string) => client.s3.send(new DeleteBucketPolicyCommand({ Bucket }));

/** Status of an unsigned request. */
async function anonymously(target: string, method = 'GET'): Promise<number> {
  return (await send(client.url, rawRequest(client.url, { method, target }))).status;
}

const arn = (bucket: string, path = ''): string => `arn:aws:s3:::${bucket}${path}`;

const readable = (bucket: string, more: object = {}) =>
  statement({ Principal: '*', Action: 's3:GetObject', Resource: arn(bucket, '/public/*'), ...more });

describe('serialization', () => {
  it('gives the text back as it was put', async () => {
    const bucket = await client.bucket();
    const text = JSON.stringify(readable(bucket), null, 3);
    const answer = await client.root.s3('PUT', `/${bucket}?policy`, { body: text });
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.equal((await get(bucket)).Policy, text);
    assert.equal((await client.root.s3('GET', `/${bucket}?policy`)).text, text);
    assert.equal((await client.root.s3('DELETE', `/${bucket}?policy`)).status, 204);
  });
});

describe('validation', () => {
  it('refuses what is no policy of this bucket', async () => {
    const bucket = await client.bucket();
    const cases = [
      ['{', /./],
      [{}, /./],
      [statement({ Principal: '*', Action: 's3:GetObject' }), /[Rr]esource/],
      [statement({ Action: 's3:GetObject', Resource: arn(bucket, '/*') }), /[Pp]rincipal/],
      [readable('another-bucket'), /^Policy has invalid resource$/],
      [readable(`${bucket}-more`), /^Policy has invalid resource$/],
      [readable(bucket, { Resource: '*' }), /^Policy has invalid resource$/],
      [readable(bucket, { Action: 'iam:GetRole' }), /^Policy has invalid action$/],
      [readable(bucket, { Action: 's3:ListBucket' }), /^Action does not apply to any resource\(s\) in statement$/],
      [readable(bucket, { Resource: arn(bucket) }), /^Action does not apply to any resource\(s\) in statement$/],
      [readable(bucket, { Sid: 'x'.repeat(20 * 1024) }), /20480/],
    ] as const;
    for (const [policy, expected] of cases) {
      const { code, status, message } = await refusalOf(put(bucket, policy));
      assert.deepEqual([code, status], ['MalformedPolicy', 400], JSON.stringify(policy));
      assert.match(message, expected);
    }
    assert.equal((await refusalOf(get(bucket))).code, 'NoSuchBucketPolicy');
    const empty = await client.root.s3('PUT', `/${bucket}?policy`);
    assert.equal(codeOf(empty), 'MissingRequestBodyError');
  });
});

describe('behaviour', () => {
  it('has none until one is put, and after it was deleted', async () => {
    const bucket = await client.bucket();
    const { code, status } = await refusalOf(get(bucket));
    assert.deepEqual([code, status], ['NoSuchBucketPolicy', 404]);
    const statusOf = () => client.s3.send(new GetBucketPolicyStatusCommand({ Bucket: bucket }));
    assert.equal((await refusalOf(statusOf())).code, 'NoSuchBucketPolicy');
    await put(bucket, readable(bucket));
    assert.equal((await statusOf()).PolicyStatus?.IsPublic, true);
    await remove(bucket);
    await remove(bucket);
    assert.equal((await refusalOf(get(bucket))).code, 'NoSuchBucketPolicy');
  });

  it('says which policies are public', async () => {
    const bucket = await client.bucket();
    const account = client.server.account;
    const cases = [
      [{}, true],
      [{ Principal: { AWS: '*' } }, true],
      [{ Principal: { AWS: `arn:aws:iam::${account}:root` } }, false],
      [{ Effect: 'Deny' }, false],
      [{ Condition: { StringEquals: { 'aws:PrincipalAccount': account } } }, false],
      [{ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, false],
      [{ Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }, true],
      [{ Condition: { StringLike: { 'aws:PrincipalArn': '*' } } }, true],
      [{ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, true],
    ] as const;
    for (const [more, expected] of cases) {
      await put(bucket, readable(bucket, more));
      const { PolicyStatus } = await client.s3.send(new GetBucketPolicyStatusCommand({ Bucket: bucket }));
      assert.equal(PolicyStatus?.IsPublic, expected, JSON.stringify(more));
    }
  });

  it('lets everybody in, where and while it says so', async () => {
    const bucket = await photos();
    assert.equal(await anonymously(`/${bucket}/public/a`), 403);
    await put(bucket, readable(bucket));
    assert.equal(await anonymously(`/${bucket}/public/a`), 200);
    assert.equal(await anonymously(`/${bucket}/private/b`), 403);
    assert.equal(await anonymously(`/${bucket}?list-type=2`), 403);
    assert.equal(await anonymously(`/${bucket}/public/new`, 'PUT'), 403);
    // Whether a key is there is told to who may list.
    assert.equal(await anonymously(`/${bucket}/public/nothing`), 403);
    await put(bucket, {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: ['s3:GetObject'], Resource: arn(bucket, '/*') },
        { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: arn(bucket) },
        { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: arn(bucket, '/private/*') },
      ],
    });
    assert.equal(await anonymously(`/${bucket}?list-type=2`), 200);
    assert.equal(await anonymously(`/${bucket}/public/nothing`), 404);
    assert.equal(await anonymously(`/${bucket}/private/b`), 403);
    await remove(bucket);
    assert.equal(await anonymously(`/${bucket}/public/a`), 403);
  });

  it('denies even the account itself, which can still take the policy away', async () => {
    const bucket = await photos();
    const everything = { Principal: '*', Action: 's3:*', Resource: [arn(bucket), arn(bucket, '/*')] };
    await put(bucket, statement({ ...everything, Effect: 'Deny' }));
    const answer = await client.root.s3('GET', `/${bucket}/public/a`);
    assert.equal(codeOf(answer), 'AccessDenied');
    assert.match(element(answer.text, 'Message'), /with an explicit deny in a resource-based policy$/);
    await remove(bucket);
    assert.equal((await client.root.s3('GET', `/${bucket}/public/a`)).status, 200);
  });

  it('gives a role what its own policies do not, and takes what they give', async () => {
    const bucket = await photos();
    const { caller } = await assumeNewRole(client.root, 'reader', {
      policy: statement({ Action: 's3:GetObject', Resource: arn(bucket, '/private/*') }),
      url: client.url,
    });
    const role = `arn:aws:iam::${client.server.account}:role/reader`;
    const read = async (key: string) => codeOf(await caller.s3('GET', `/${bucket}/${key}`));
    assert.deepEqual([await read('public/a'), await read('private/b')], ['AccessDenied', '200']);
    const denied = await caller.s3('GET', `/${bucket}/public/a`);
    assert.match(
      element(denied.text, 'Message'),
      /^User: arn:aws:sts::000000000000:assumed-role\/reader\/test is not authorized to perform: s3:GetObject on resource: "?arn:aws:s3:::[a-z0-9-]+\/public\/a"? because no identity-based policy allows the s3:GetObject action$/,
    );
    await put(bucket, {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: role }, Action: 's3:Get*', Resource: arn(bucket, '/public/*') },
        { Effect: 'Deny', Principal: { AWS: role }, Action: 's3:Get*', Resource: arn(bucket, '/private/*') },
      ],
    });
    assert.deepEqual([await read('public/a'), await read('private/b')], ['200', 'AccessDenied']);
  });

  it('sees the address of the client', async () => {
    const bucket = await photos();
    const from = (range: string) => readable(bucket, { Condition: { IpAddress: { 'aws:SourceIp': range } } });
    await put(bucket, from('127.0.0.0/8'));
    assert.equal(await anonymously(`/${bucket}/public/a`), 200);
    await put(bucket, from('10.0.0.0/8'));
    assert.equal(await anonymously(`/${bucket}/public/a`), 403);
  });
});
