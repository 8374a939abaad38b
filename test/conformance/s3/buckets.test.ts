/** Buckets themselves: making, finding, listing, tagging, versioning and deleting them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf, element, statement } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const create = (Bucket: string, more: object = {}) => client.s3.send(new CreateBucketCommand({ Bucket, ...more }));

const inRegion = (LocationConstraint: string) => ({
  CreateBucketConfiguration: { LocationConstraint: LocationConstraint as BucketLocationConstraint },
});

/** A client that signs for another region. */
function regional(region: string): S3Client {
  const { url: endpoint, credentials } = client.server;
  const made = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
  scope.after(async () => made.destroy());
  return made;
}

describe('serialization', () => {
  it('answers HEAD with headers, and CreateBucket with the place', async () => {
    const made = await client.root.s3('PUT', '/headers');
    assert.equal(made.status, 200);
    assert.equal(made.headers.location, '/headers');
    const head = await client.root.s3('HEAD', '/headers');
    assert.equal(head.status, 200);
    assert.equal(head.headers['x-amz-bucket-region'], 'us-east-1');
    const missing = await client.root.s3('HEAD', '/not-there');
    assert.deepEqual([missing.status, missing.text], [404, '']);
  });

  it('has no name for us-east-1', async () => {
    await create('located');
    const { text } = await client.root.s3('GET', '/located?location');
    const nothing = '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>';
    assert.equal(text, `<?xml version="1.0" encoding="UTF-8"?>\n${nothing}`);
  });

  it('answers what has no answer with 204', async () => {
    await create('quiet');
    const body = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>';
    const md5 = { 'content-md5': createHash('md5').update(body).digest('base64') };
    const tagged = await client.root.s3('PUT', '/quiet?tagging', { body, headers: md5 });
    assert.equal(tagged.status, 204, tagged.text);
    assert.equal((await client.root.s3('DELETE', '/quiet?tagging')).status, 204);
    assert.equal((await client.root.s3('DELETE', '/quiet')).status, 204);
  });

  it('lists buckets with their owner', async () => {
    await create('listed');
    const { text, status } = await client.root.s3('GET', '/');
    assert.equal(status, 200);
    assert.match(text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<ListAllMyBucketsResult xmlns="[^"]+"><Buckets>/);
    assert.match(text, /<Bucket><Name>listed<\/Name><CreationDate>[0-9T:.-]+Z<\/CreationDate>/);
    assert.match(element(text, 'ID'), /^[0-9a-f]{64}$/);
    assert.ok(!text.includes('BucketRegion'));
  });
});

describe('validation', () => {
  it('takes the names that S3 takes', async () => {
    for (const name of ['abc', 'a.b', 'a--b', '0a0', 'a'.repeat(63)]) await create(name);
    const refused = [
      'ab',
      'a'.repeat(64),
      'Upper',
      'a_b',
      '-ab',
      'ab-',
      'a..b',
      '10.0.0.1',
      'xn--a',
      'a-s3alias',
      'ab.mrap',
    ];
    for (const name of refused) {
      const { code, status } = await refusalOf(create(name));
      assert.deepEqual([code, status], ['InvalidBucketName', 400], name);
    }
  });

  it('takes the regions that S3 takes', async () => {
    await create('in-ireland', inRegion('EU'));
    await create('in-frankfurt', inRegion('eu-central-1'));
    const location = (Bucket: string) => client.s3.send(new GetBucketLocationCommand({ Bucket }));
    assert.equal((await location('in-ireland')).LocationConstraint, 'eu-west-1');
    assert.equal((await location('in-frankfurt')).LocationConstraint, 'eu-central-1');

    for (const region of ['us-east-1', 'nowhere']) {
      const refusal = await refusalOf(create('in-no-region', inRegion(region)));
      assert.equal(refusal.code, 'InvalidLocationConstraint');
    }
    const { code, message } = await refusalOf(
      regional('eu-west-1').send(new CreateBucketCommand({ Bucket: 'elsewhere', ...inRegion('us-west-2') })),
    );
    assert.equal(code, 'IllegalLocationConstraintException');
    assert.match(message, /^The us-west-2 location constraint is incompatible/);
  });

  it('refuses by name what it does not do', async () => {
    const cases = [
      [{ ACL: 'public-read' }, /^ACL of s3 CreateBucket is not supported by Whippet \(received "public-read"\)/],
      [{ GrantRead: 'uri="x"' }, /^GrantRead of s3 CreateBucket/],
      [{ ObjectLockEnabledForBucket: true }, /^ObjectLockEnabledForBucket/],
      [{ ObjectOwnership: 'ObjectWriter' }, /^ObjectOwnership/],
      [{ CreateBucketConfiguration: { Location: { Type: 'AvailabilityZone', Name: 'a' } } }, /^Directory buckets/],
    ] as const;
    for (const [more, expected] of cases) {
      const { code, status, message } = await refusalOf(create('never-made', more));
      assert.deepEqual([code, status], ['NotImplemented', 501]);
      assert.match(message, expected);
    }
    assert.equal((await refusalOf(client.s3.send(new HeadBucketCommand({ Bucket: 'never-made' })))).status, 404);
  });

  it('checks tags', async () => {
    await create('tag-rules');
    const put = (TagSet: { Key: string; Value: string }[]) =>
      client.s3.send(new PutBucketTaggingCommand({ Bucket: 'tag-rules', Tagging: { TagSet } }));
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    assert.equal((await refusalOf(put(many))).code, 'BadRequest');
    await put(many.slice(1));
    const refused = [
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      [{ Key: 'aws:mine', Value: '' }],
      [{ Key: 'k'.repeat(129), Value: '' }],
      [{ Key: 'k', Value: 'v'.repeat(257) }],
      [{ Key: 'a<b', Value: '' }],
    ];
    for (const tags of refused) assert.equal((await refusalOf(put(tags))).code, 'InvalidTag');
  });

  it('checks what versioning is set to', async () => {
    await create('version-rules');
    const put = (body: string) => client.root.s3('PUT', '/version-rules?versioning', { body });
    const root = '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">';
    const setting = (status: string) => put(`${root}${status}</VersioningConfiguration>`);
    assert.equal(codeOf(await setting('')), 'IllegalVersioningConfigurationException');
    assert.equal(codeOf(await setting('<Status>On</Status>')), 'MalformedXML');
    assert.equal(codeOf(await put('<Versioning')), 'MalformedXML');
    assert.equal(codeOf(await put('')), 'MissingRequestBodyError');
  });
});

describe('behaviour', () => {
  it('makes a bucket once', async () => {
    await create('once');
    // us-east-1 is kind to who makes a bucket again, other regions are not.
    await create('once');
    const ireland = regional('eu-west-1');
    const again = new CreateBucketCommand({ Bucket: 'once-in-ireland', ...inRegion('eu-west-1') });
    await ireland.send(again);
    const { code, status } = await refusalOf(ireland.send(again));
    assert.deepEqual([code, status], ['BucketAlreadyOwnedByYou', 409]);
  });

  it('says what is not there', async () => {
    const absent = { Bucket: 'nothing-here' };
    for (const command of [new DeleteBucketCommand(absent), new GetBucketTaggingCommand(absent)]) {
      assert.equal((await refusalOf(client.s3.send(command as DeleteBucketCommand))).code, 'NoSuchBucket');
    }
  });

  it('says which names no bucket can have', async () => {
    for (const name of ['a', 'a%20b', 'm%C3%BCsli', 'x'.repeat(256)]) {
      assert.equal(codeOf(await client.root.s3('GET', `/${name}?list-type=2`)), 'InvalidBucketName', name);
    }
    assert.equal(codeOf(await client.root.s3('GET', '/Old_Name?list-type=2')), 'NoSuchBucket');
  });

  it('guards against the bucket of another account', async () => {
    await create('guarded');
    const owned = (ExpectedBucketOwner: string) =>
      client.s3.send(new GetBucketVersioningCommand({ Bucket: 'guarded', ExpectedBucketOwner }));
    await owned(client.server.account);
    assert.equal((await refusalOf(owned('111122223333'))).code, 'AccessDenied');
  });

  it('lists buckets in pages, by prefix and by region', async () => {
    for (const name of ['page-c', 'page-a', 'page-d', 'page-b']) await create(name);
    await create('page-e', inRegion('eu-west-3'));
    const list = (input: object) => client.s3.send(new ListBucketsCommand(input));
    const names: unknown[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ Prefix: 'page-', MaxBuckets: 2, ContinuationToken });
      assert.equal(page.Prefix, 'page-');
      assert.ok((page.Buckets?.length ?? 0) <= 2);
      names.push(...(page.Buckets ?? []).map(({ Name, BucketRegion }) => `${Name} ${BucketRegion}`));
      ContinuationToken = page.ContinuationToken;
    } while (ContinuationToken);
    const here = ['page-a', 'page-b', 'page-c', 'page-d'].map((name) => `${name} us-east-1`);
    assert.deepEqual(names, [...here, 'page-e eu-west-3']);

    const { Buckets } = await list({ BucketRegion: 'eu-west-3' });
    assert.deepEqual(
      Buckets?.map(({ Name }) => Name),
      ['page-e'],
    );
    assert.equal((await refusalOf(list({ ContinuationToken: '???' }))).code, 'InvalidArgument');
    assert.equal((await refusalOf(list({ MaxBuckets: 0 }))).code, 'InvalidArgument');
  });

  it('keeps tags', async () => {
    const bucket = { Bucket: 'tagged' };
    await create('tagged', { CreateBucketConfiguration: { Tags: [{ Key: 'made', Value: 'with' }] } });
    const read = () => client.s3.send(new GetBucketTaggingCommand(bucket));
    assert.deepEqual((await read()).TagSet, [{ Key: 'made', Value: 'with' }]);
    const TagSet = [
      { Key: 'Ä b', Value: 'x+y=z' },
      { Key: 'b', Value: '' },
    ];
    await client.s3.send(new PutBucketTaggingCommand({ ...bucket, Tagging: { TagSet } }));
    assert.deepEqual((await read()).TagSet, TagSet);
    await client.s3.send(new DeleteBucketTaggingCommand(bucket));
    const { code, status } = await refusalOf(read());
    assert.deepEqual([code, status], ['NoSuchTagSet', 404]);
  });

  it('turns versioning on and suspends it', async () => {
    const bucket = await client.bucket();
    const read = async () => answerOf(await client.s3.send(new GetBucketVersioningCommand({ Bucket: bucket })));
    assert.deepEqual(await read(), {});
    for (const Status of ['Enabled', 'Suspended'] as const) {
      const VersioningConfiguration = { Status };
      await client.s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
      assert.deepEqual(await read(), { Status });
    }
  });

  it('deletes a bucket when nothing is in it', async () => {
    const bucket = await client.bucket('Enabled');
    const drop = () => client.s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    const remove = (VersionId?: string) =>
      client.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'k', ...(VersionId && { VersionId }) }));
    const { VersionId } = await client.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: 'x' }));
    const marker = await remove();
    const { code, message } = await refusalOf(drop());
    assert.equal(code, 'BucketNotEmpty');
    assert.match(message, /You must delete all versions in the bucket\.$/);
    await remove(VersionId);
    assert.equal((await refusalOf(drop())).code, 'BucketNotEmpty');
    await remove(marker.VersionId);
    // An upload that was never completed is no content.
    await client.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: 'half' }));
    await drop();

    await create(bucket);
    const uploads = await client.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    assert.equal(uploads.Uploads, undefined);
    const versions = await client.s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    assert.equal(versions.Versions, undefined);
    assert.deepEqual(answerOf(await client.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))), {});
  });

  it('needs the rights that AWS asks for', async () => {
    const bucket = await client.bucket();
    const policy = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: 'arn:aws:s3:::*' },
        { Effect: 'Allow', Action: 's3:CreateBucket', Resource: 'arn:aws:s3:::role-*' },
      ],
    };
    const { caller } = await assumeNewRole(client.root, 'bucket-maker', { policy, url: client.url });
    assert.equal(codeOf(await caller.s3('GET', '/')), '200');
    assert.equal(codeOf(await caller.s3('PUT', '/role-made')), '200');
    assert.equal(codeOf(await caller.s3('PUT', '/other-made')), 'AccessDenied');
    const tags = '<Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>';
    const body = `<CreateBucketConfiguration>${tags}</CreateBucketConfiguration>`;
    const denied = await caller.s3('PUT', '/role-tagged', { body });
    assert.match(element(denied.text, 'Message'), /is not authorized to perform: s3:TagResource on resource: /);
    assert.equal((await caller.s3('HEAD', `/${bucket}`)).status, 403);
    assert.equal((await caller.s3('HEAD', '/nothing-here')).status, 404);

    const none = await assumeNewRole(client.root, 'no-lister', {
      policy: statement({ Action: 's3:ListBucket', Resource: '*' }),
      url: client.url,
    });
    const { text } = await none.caller.s3('GET', '/');
    assert.match(element(text, 'Message'), /is not authorized to perform: s3:ListAllMyBuckets/);
    assert.equal((await none.caller.s3('HEAD', `/${bucket}`)).status, 200);
  });
});
