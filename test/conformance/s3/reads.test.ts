/** What Terraform and the consoles read of every bucket, and that nothing of it can be set. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf, element, statement } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
let bucket: string;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
  bucket = await client.bucket();
});

/** Query parameter, IAM's action, and the answer: a code of S3 with status 404, or members. */
const reads = {
  GetBucketAccelerateConfiguration: ['accelerate', 'GetAccelerateConfiguration', {}],
  GetBucketCors: ['cors', 'GetBucketCORS', 'NoSuchCORSConfiguration'],
  GetBucketEncryption: [
    'encryption',
    'GetEncryptionConfiguration',
    {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      },
    },
  ],
  GetBucketLifecycleConfiguration: ['lifecycle', 'GetLifecycleConfiguration', 'NoSuchLifecycleConfiguration'],
  GetBucketLocation: ['location', 'GetBucketLocation', {}],
  GetBucketLogging: ['logging', 'GetBucketLogging', {}],
  GetBucketNotificationConfiguration: ['notification', 'GetBucketNotification', {}],
  GetBucketOwnershipControls: [
    'ownershipControls',
    'GetBucketOwnershipControls',
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
  ],
  GetBucketPolicy: ['policy', 'GetBucketPolicy', 'NoSuchBucketPolicy'],
  GetBucketPolicyStatus: ['policyStatus', 'GetBucketPolicyStatus', 'NoSuchBucketPolicy'],
  GetBucketReplication: ['replication', 'GetReplicationConfiguration', 'ReplicationConfigurationNotFoundError'],
  GetBucketRequestPayment: ['requestPayment', 'GetBucketRequestPayment', { Payer: 'BucketOwner' }],
  GetBucketTagging: ['tagging', 'GetBucketTagging', 'NoSuchTagSet'],
  GetBucketVersioning: ['versioning', 'GetBucketVersioning', {}],
  GetBucketWebsite: ['website', 'GetBucketWebsite', 'NoSuchWebsiteConfiguration'],
  GetObjectLockConfiguration: [
    'object-lock',
    'GetBucketObjectLockConfiguration',
    'ObjectLockConfigurationNotFoundError',
  ],
  GetPublicAccessBlock: ['publicAccessBlock', 'GetBucketPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'],
} as const satisfies Record<string, readonly [string, string, object | string]>;

type Read = keyof typeof reads;

const entries = Object.entries(reads) as [Read, (typeof reads)[Read]][];

const commands = {
  GetBucketAccelerateConfiguration: sdk.GetBucketAccelerateConfigurationCommand,
  GetBucketCors: sdk.GetBucketCorsCommand,
  GetBucketEncryption: sdk.GetBucketEncryptionCommand,
  GetBucketLifecycleConfiguration: sdk.GetBucketLifecycleConfigurationCommand,
  GetBucketLocation: sdk.GetBucketLocationCommand,
  GetBucketLogging: sdk.GetBucketLoggingCommand,
  GetBucketNotificationConfiguration: sdk.GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControls: sdk.GetBucketOwnershipControlsCommand,
  GetBucketPolicy: sdk.GetBucketPolicyCommand,
  GetBucketPolicyStatus: sdk.GetBucketPolicyStatusCommand,
  GetBucketReplication: sdk.GetBucketReplicationCommand,
  GetBucketRequestPayment: sdk.GetBucketRequestPaymentCommand,
  GetBucketTagging: sdk.GetBucketTaggingCommand,
  GetBucketVersioning: sdk.GetBucketVersioningCommand,
  GetBucketWebsite: sdk.GetBucketWebsiteCommand,
  GetObjectLockConfiguration: sdk.GetObjectLockConfigurationCommand,
  GetPublicAccessBlock: sdk.GetPublicAccessBlockCommand,
} as const satisfies Record<Read, unknown>;

/** Each takes a bucket, and some take no more. */
function ask(operation: Read, Bucket: string) {
  const Command = commands[operation] as typeof sdk.GetBucketVersioningCommand;
  return client.s3.send(new Command({ Bucket }));
}

describe('serialization', () => {
  for (const [operation, [parameter, , expected]] of entries) {
    it(`${operation} of a new bucket`, async () => {
      const raw = await client.root.s3('GET', `/${bucket}?${parameter}`);
      if (typeof expected === 'string') {
        const { code, status } = await refusalOf(ask(operation, bucket));
        assert.deepEqual([code, status], [expected, 404]);
        assert.equal(element(raw.text, 'BucketName'), bucket);
      } else {
        assert.deepEqual(answerOf(await ask(operation, bucket)), expected);
        assert.match(raw.text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<\w+ xmlns="http:\/\/s3\.amazonaws\.com\//);
      }
      assert.equal(raw.headers['content-type'], 'application/xml');
    });
  }

  it('the one grant of a bucket and of an object', async () => {
    await client.s3.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }));
    for (const command of [
      new sdk.GetBucketAclCommand({ Bucket: bucket }),
      new sdk.GetObjectAclCommand({ Bucket: bucket, Key: 'k' }),
    ]) {
      const { Owner, Grants } = await client.s3.send(command as sdk.GetBucketAclCommand);
      assert.match(Owner?.ID ?? '', /^[0-9a-f]{64}$/);
      const Grantee = { ID: Owner?.ID, Type: 'CanonicalUser' };
      assert.deepEqual(Grants, [{ Grantee, Permission: 'FULL_CONTROL' }]);
    }
    const { text } = await client.root.s3('GET', `/${bucket}?acl`);
    assert.match(
      text,
      /<Grantee xmlns:xsi="http:\/\/www\.w3\.org\/2001\/XMLSchema-instance" [^>]*xsi:type="CanonicalUser"|<Grantee [^>]*xsi:type="CanonicalUser"[^>]*xmlns:xsi=/,
    );
  });
});

describe('validation', () => {
  it('knows which buckets, objects and owners there are', async () => {
    for (const [operation] of entries) {
      assert.equal((await refusalOf(ask(operation, 'not-there'))).code, 'NoSuchBucket', operation);
    }
    const guarded = { 'x-amz-expected-bucket-owner': '111122223333' };
    for (const [operation, [parameter]] of entries) {
      const answer = await client.root.s3('GET', `/${bucket}?${parameter}`, { headers: guarded });
      assert.equal(codeOf(answer), 'AccessDenied', operation);
    }
    const missing = client.s3.send(new sdk.GetObjectAclCommand({ Bucket: bucket, Key: 'not-there' }));
    assert.equal((await refusalOf(missing)).code, 'NoSuchKey');
  });
});

describe('behaviour', () => {
  it('asks for the right that AWS asks for', async () => {
    const policy = statement({ Action: 's3:ListBucket', Resource: '*' });
    const { caller } = await assumeNewRole(client.root, 'no-reader', { policy, url: client.url });
    const needs = [...entries.map(([, [parameter, action]]) => [parameter, action]), ['acl', 'GetBucketAcl']];
    for (const [parameter, action] of needs) {
      const { status, text } = await caller.s3('GET', `/${bucket}?${parameter}`);
      assert.equal(status, 403);
      assert.match(
        element(text, 'Message'),
        new RegExp(`to perform: s3:${action} on resource: "?arn:aws:s3:::${bucket}`),
      );
    }
  });

  const settable = [
    ...['accelerate', 'acl', 'cors', 'encryption', 'lifecycle', 'logging', 'notification', 'object-lock'],
    ...['ownershipControls', 'publicAccessBlock', 'replication', 'requestPayment', 'website'],
  ];

  it('refuses by name to set any of it', async () => {
    for (const parameter of settable) {
      const { status, text } = await client.root.s3('PUT', `/${bucket}?${parameter}`, { body: '<A/>' });
      assert.equal(status, 501, parameter);
      assert.equal(element(text, 'Code'), 'NotImplemented');
      assert.match(element(text, 'Message'), /^s3 Put\w+ is not served by Whippet\. What is served: docs\/services\//);
    }
    for (const parameter of ['cors', 'encryption', 'lifecycle', 'ownershipControls', 'publicAccessBlock', 'website']) {
      const { status, text } = await client.root.s3('DELETE', `/${bucket}?${parameter}`);
      assert.equal(status, 501, parameter);
      assert.match(element(text, 'Message'), /^s3 Delete\w+ is not served by Whippet\./);
    }
    // Nothing of it was taken for an operation on the bucket itself.
    assert.equal((await client.root.s3('HEAD', `/${bucket}`)).status, 200);
  });

  it('tells the SDK so too', async () => {
    const CORSConfiguration = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] };
    const refusal = await refusalOf(
      client.s3.send(new sdk.PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration })),
    );
    assert.deepEqual([refusal.code, refusal.status], ['NotImplemented', 501]);
    assert.match(refusal.message, /^s3 PutBucketCors is not served by Whippet\./);
  });
});
