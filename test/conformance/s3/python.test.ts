/** Every operation of S3 that is served, through `aws s3api`. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { constrainedOperations, type ServedOperation } from '../../../src/wire/index.ts';
import { fileScope, type Running, running, temporaryFolder } from '../../server/running.ts';
import { installedClis, runAws } from '../python/commands.ts';
import { md5 } from './object-client.ts';

type Operation = ServedOperation<'s3'>;

/** An operation, its options, and its answer: the JSON that is printed, or what a refusal says. Nothing printed is `{}`. */
type Row = readonly [operation: Operation, argv: readonly string[], expected: unknown];

const scope = fileScope(after);
let opened: Running;
let home: string;
before(async () => {
  opened = await running(scope);
  home = await temporaryFolder(scope);
});

/** The CLI's name of an operation. */
function commandOf(operation: Operation): string {
  return operation.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function absent(operation: Operation, code: string): Row {
  return [operation, [], new RegExp(`\\(${code}\\) when calling the ${operation} operation`)];
}

/** What is configured of every new bucket, and what is not. */
const reads: readonly Row[] = [
  absent('GetBucketCors', 'NoSuchCORSConfiguration'),
  absent('GetBucketLifecycleConfiguration', 'NoSuchLifecycleConfiguration'),
  absent('GetBucketReplication', 'ReplicationConfigurationNotFoundError'),
  absent('GetBucketWebsite', 'NoSuchWebsiteConfiguration'),
  absent('GetObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'),
  absent('GetPublicAccessBlock', 'NoSuchPublicAccessBlockConfiguration'),
  ['GetBucketAccelerateConfiguration', [], {}],
  ['GetBucketLogging', [], {}],
  ['GetBucketNotificationConfiguration', [], {}],
  ['GetBucketLocation', [], { LocationConstraint: null }],
  ['GetBucketRequestPayment', [], { Payer: 'BucketOwner' }],
  ['GetBucketAcl', ['--query', 'Grants[].[Grantee.Type,Permission]'], [['CanonicalUser', 'FULL_CONTROL']]],
  [
    'GetBucketEncryption',
    ['--query', 'ServerSideEncryptionConfiguration.Rules[].ApplyServerSideEncryptionByDefault'],
    [{ SSEAlgorithm: 'AES256' }],
  ],
  ['GetBucketOwnershipControls', [], { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } }],
];

for (const [index, { name, command, missing }] of installedClis().entries()) {
  describe(`aws s3api of the AWS CLI ${name}`, { skip: command ? false : missing }, () => {
    const bucket = `s3api-${index}`;
    const driven = new Set<Operation>();

    const api = async (operation: Operation, argv: readonly string[] = []): Promise<unknown> => {
      driven.add(operation);
      const place = operation === 'ListBuckets' ? [] : ['--bucket', bucket];
      const all = ['s3api', commandOf(operation), ...place, ...argv];
      const printed = await runAws(command as string, all, { server: opened.server, home });
      return printed === '' ? {} : JSON.parse(printed);
    };

    const check = async ([operation, argv, expected]: Row): Promise<void> => {
      if (expected instanceof RegExp) await assert.rejects(api(operation, argv), expected);
      else assert.deepEqual(await api(operation, argv), expected, operation);
    };

    /** Rows that don't depend on each other: a call is mostly Python's start, so four run at a time. */
    const checkAll = async (rows: readonly Row[]): Promise<void> => {
      const left = rows.values();
      const work = async (): Promise<void> => {
        for (const row of left) await check(row);
      };
      await Promise.all([work(), work(), work(), work()]);
    };

    it('makes and finds a bucket', async () => {
      await check(['CreateBucket', ['--query', 'Location'], `/${bucket}`]);
      // Releases before 2023 know of no members of this answer.
      assert.match(JSON.stringify(await api('HeadBucket')), /^\{\}$|"BucketRegion":"us-east-1"/);
      await check(['ListBuckets', ['--query', `Buckets[?Name=='${bucket}'].Name`], [bucket]]);
    });

    it('reads what every bucket has', () => checkAll(reads));

    it('writes, reads, copies and tags an object', async () => {
      const one = ['--key', 'a/one +%'];
      const etag = `"${md5('hello')}"`;
      await writeFile(join(home, 'hello'), 'hello');
      const kind = ['--content-type', 'text/plain', '--metadata', 'color=blue'];
      await check(['PutObject', [...one, '--body', 'hello', ...kind, '--query', 'ETag'], etag]);
      const members = ['--query', '[ContentLength,ContentType,Metadata.color]'];
      // The CLI encodes it.
      const source = ['--copy-source', `${bucket}/a/one +%`];
      await checkAll([
        ['GetObject', [...one, ...members, `got-${index}`], [5, 'text/plain', 'blue']],
        ['HeadObject', [...one, ...members], [5, 'text/plain', 'blue']],
        ['GetObjectAttributes', [...one, '--object-attributes', 'ETag', 'ObjectSize', '--query', 'ObjectSize'], 5],
        ['GetObjectAcl', [...one, '--query', 'Grants[].Permission'], ['FULL_CONTROL']],
        ['CopyObject', ['--key', 'b', ...source, '--query', 'CopyObjectResult.ETag'], etag],
        ['PutObjectTagging', [...one, '--tagging', 'TagSet=[{Key=a,Value=b c}]'], {}],
      ]);
      assert.equal(await readFile(join(home, `got-${index}`), 'utf8'), 'hello');
      await check(['GetObjectTagging', one, { TagSet: [{ Key: 'a', Value: 'b c' }] }]);
      await check(['DeleteObjectTagging', one, {}]);
      await check(['GetObjectTagging', one, { TagSet: [] }]);
    });

    it('uploads in parts', async () => {
      const large = Buffer.alloc(5 * 1024 * 1024, 'whippet');
      await writeFile(join(home, 'large'), large);
      const begin = ['--key', 'large', '--query', 'UploadId'];
      const [whole, left] = await Promise.all([
        api('CreateMultipartUpload', begin),
        api('CreateMultipartUpload', begin),
      ]);
      const upload = ['--key', 'large', '--upload-id', String(whole)];
      const [first, second] = [md5(large), md5('hello')];
      const source = ['--copy-source', `${bucket}/b`];
      await checkAll([
        ['UploadPart', [...upload, '--part-number', '1', '--body', 'large', '--query', 'ETag'], `"${first}"`],
        [
          'UploadPartCopy',
          [...upload, '--part-number', '2', ...source, '--query', 'CopyPartResult.ETag'],
          `"${second}"`,
        ],
        ['AbortMultipartUpload', ['--key', 'large', '--upload-id', String(left)], {}],
      ]);
      const sizes = [large.length, 5];
      await checkAll([
        ['ListParts', [...upload, '--query', 'Parts[].Size'], sizes],
        ['ListMultipartUploads', ['--query', 'Uploads[].UploadId'], [whole]],
      ]);
      const parts = `Parts=[{PartNumber=1,ETag=${first}},{PartNumber=2,ETag=${second}}]`;
      const etag = `"${md5(Buffer.from(first + second, 'hex'))}-2"`;
      await check(['CompleteMultipartUpload', [...upload, '--multipart-upload', parts, '--query', 'ETag'], etag]);
    });

    it('lists and deletes objects', async () => {
      const keys = ['a/one +%', 'b', 'large'];
      await checkAll([
        ['ListObjects', ['--query', 'Contents[].Key'], keys],
        [
          'ListObjectsV2',
          ['--delimiter', '/', '--query', '[CommonPrefixes[].Prefix,Contents[].Key]'],
          [['a/'], keys.slice(1)],
        ],
        ['ListObjectVersions', ['--query', 'Versions[].[Key,VersionId]'], keys.map((key) => [key, 'null'])],
        absent('DeleteBucket', 'BucketNotEmpty'),
      ]);
      await check(['DeleteObject', ['--key', 'b'], {}]);
      const rest = ['--delete', 'Objects=[{Key=a/one +%},{Key=large}]'];
      await check([
        'DeleteObjects',
        [...rest, '--query', '[sort(Deleted[].Key),Errors]'],
        [['a/one +%', 'large'], null],
      ]);
      await check(['ListObjectsV2', ['--query', 'Contents'], null]);
    });

    it('sets what a bucket has', async () => {
      const Statement = [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
      ];
      const policy = JSON.stringify({ Version: '2012-10-17', Statement });
      await checkAll([
        ['PutBucketVersioning', ['--versioning-configuration', 'Status=Enabled'], {}],
        ['PutBucketTagging', ['--tagging', 'TagSet=[{Key=a,Value=b c}]'], {}],
        ['PutBucketPolicy', ['--policy', policy], {}],
      ]);
      await checkAll([
        ['GetBucketVersioning', [], { Status: 'Enabled' }],
        ['GetBucketTagging', [], { TagSet: [{ Key: 'a', Value: 'b c' }] }],
        ['GetBucketPolicy', [], { Policy: policy }],
        ['GetBucketPolicyStatus', [], { PolicyStatus: { IsPublic: true } }],
      ]);
      await checkAll([
        ['DeleteBucketTagging', [], {}],
        ['DeleteBucketPolicy', [], {}],
      ]);
      await checkAll([absent('GetBucketTagging', 'NoSuchTagSet'), absent('GetBucketPolicy', 'NoSuchBucketPolicy')]);
    });

    it('deletes the bucket', async () => {
      await check(['DeleteBucket', [], {}]);
      await check(['HeadBucket', [], /\(404\) when calling the HeadBucket operation/]);
    });

    it('has left no operation out', () => {
      assert.deepEqual(
        constrainedOperations.s3.filter((operation) => !driven.has(operation)),
        [],
      );
    });
  });
}
