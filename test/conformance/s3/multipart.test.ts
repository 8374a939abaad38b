import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { codeOf } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

const mebibyte = 1024 ** 2;
const large = Buffer.alloc(5 * mebibyte, 'large ');
const small = Buffer.from('the last part may be small');

const hash = (algorithm: string, bytes: Uint8Array): Buffer => createHash(algorithm).update(bytes).digest();
const sum32 = (bytes: Uint8Array): Buffer => Buffer.from(crc32(bytes).toString(16).padStart(8, '0'), 'hex');

async function create(Bucket: string, Key: string, more: object = {}): Promise<string> {
  const ChecksumAlgorithm = 'CRC32';
  const { UploadId } = await client.s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm, ...more }),
  );
  return UploadId ?? '';
}

interface Target {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

const upload = (target: Target, PartNumber: number, Body: Uint8Array, more: object = {}) =>
  client.s3.send(new UploadPartCommand({ ...target, PartNumber, Body, ...more }));

const complete = (target: Target, Parts: CompletedPart[], more: object = {}) =>
  client.s3.send(new CompleteMultipartUploadCommand({ ...target, MultipartUpload: { Parts }, ...more }));

/** Uploads parts, the last one first, and lists them as clients do. */
async function uploadAll(target: Target, bodies: readonly Uint8Array[], more: object = {}): Promise<CompletedPart[]> {
  const parts: CompletedPart[] = [];
  for (const [index, body] of [...bodies.entries()].reverse()) {
    const PartNumber = index + 1;
    const { ETag, ChecksumCRC32, ChecksumSHA256 } = await upload(target, PartNumber, body, more);
    parts.unshift({ PartNumber, ETag, ChecksumCRC32, ChecksumSHA256 });
  }
  return parts;
}

async function contentOf(Bucket: string, Key: string, more: object = {}): Promise<Buffer> {
  const { Body } = await client.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('serialization', () => {
  it('puts an object together of its parts, with what was said at the start', async () => {
    const Bucket = await client.bucket();
    const Key = 'parts/ü +.bin';
    const described = { ContentType: 'text/x', Metadata: { a: '1' }, Tagging: 't=1' };
    const target = { Bucket, Key, UploadId: await create(Bucket, Key, described) };
    const parts = await uploadAll(target, [large, small]);
    const answer = answerOf(await complete(target, parts));
    const etag = `"${hash('md5', Buffer.concat([hash('md5', large), hash('md5', small)])).toString('hex')}-2"`;
    const composite = `${sum32(Buffer.concat([sum32(large), sum32(small)])).toString('base64')}-2`;
    assert.deepEqual(answer, {
      Location: `${client.url}/${Bucket}/parts/%C3%BC%20%2B.bin`,
      ...{ Bucket, Key, ETag: etag, ChecksumCRC32: composite, ChecksumType: 'COMPOSITE' },
      ServerSideEncryption: 'AES256',
    });
    assert.equal((await contentOf(Bucket, Key)).equals(Buffer.concat([large, small])), true);
    const head = await client.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    assert.deepEqual(
      [head.ETag, head.ContentLength, head.ContentType, head.Metadata, head.ChecksumCRC32, head.ChecksumType],
      [etag, large.length + small.length, 'text/x', { a: '1' }, composite, 'COMPOSITE'],
    );
  });

  it('reads by part, over parts and between them', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    await complete(target, await uploadAll(target, [large, small]));
    const second = await client.s3.send(new GetObjectCommand({ Bucket, Key: 'k', PartNumber: 2 }));
    assert.equal(await second.Body?.transformToString(), small.toString());
    assert.deepEqual(
      [second.PartsCount, second.ContentRange, second.$metadata.httpStatusCode, second.ChecksumCRC32],
      [
        2,
        `bytes ${large.length}-${large.length + small.length - 1}/${large.length + small.length}`,
        206,
        sum32(small).toString('base64'),
      ],
    );
    const range = `bytes=${large.length - 3}-${large.length + 2}`;
    const whole = Buffer.concat([large, small]);
    assert.deepEqual(
      await contentOf(Bucket, 'k', { Range: range }),
      whole.subarray(large.length - 3, large.length + 3),
    );
    assert.equal((await refusalOf(contentOf(Bucket, 'k', { PartNumber: 3 }))).code, 'InvalidPartNumber');
    const attributes = await client.s3.send(
      new GetObjectAttributesCommand({
        ...{ Bucket, Key: 'k', ObjectAttributes: ['Checksum', 'ObjectParts'], MaxParts: 1 },
      }),
    );
    assert.deepEqual(attributes.ObjectParts, {
      ...{ TotalPartsCount: 2, PartNumberMarker: '0', NextPartNumberMarker: '1', MaxParts: 1, IsTruncated: true },
      Parts: [{ PartNumber: 1, Size: large.length, ChecksumCRC32: sum32(large).toString('base64') }],
    });
    assert.equal(attributes.Checksum?.ChecksumCRC32?.includes('-'), false);
  });

  it('lists parts in pages', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k', { StorageClass: 'STANDARD_IA' }) };
    for (const number of [7, 3, 10_000]) await upload(target, number, small);
    const first = await client.s3.send(new ListPartsCommand({ ...target, MaxParts: 2 }));
    assert.deepEqual(
      first.Parts?.map(({ PartNumber, Size, ETag, ChecksumCRC32 }) => [PartNumber, Size, ETag, ChecksumCRC32]),
      [3, 7].map((number) => [
        number,
        small.length,
        `"${hash('md5', small).toString('hex')}"`,
        sum32(small).toString('base64'),
      ]),
    );
    assert.deepEqual(
      [first.IsTruncated, first.NextPartNumberMarker, first.StorageClass, first.ChecksumAlgorithm, first.ChecksumType],
      [true, '7', 'STANDARD_IA', 'CRC32', 'COMPOSITE'],
    );
    assert.equal(first.Initiator?.ID, 'arn:aws:iam::000000000000:root');
    const second = await client.s3.send(
      new ListPartsCommand({ ...target, MaxParts: 2, PartNumberMarker: first.NextPartNumberMarker }),
    );
    assert.deepEqual([second.IsTruncated, second.Parts?.map(({ PartNumber }) => PartNumber)], [false, [10_000]]);
  });

  it('lists uploads in pages, by key and start, and those of a folder as one', async () => {
    const Bucket = await client.bucket();
    const ids: [string, string][] = [];
    for (const key of ['b', 'a', 'b', 'c/1', 'c/2', 'd&\n']) ids.push([key, await create(Bucket, key)]);
    const expected = [ids[1], ids[0], ids[2], ids[3], ids[4], ids[5]];
    const shown: unknown[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (let more = true; more; ) {
      const page = await client.s3.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 2, ...markers }));
      shown.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => [Key, UploadId]));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      more = page.IsTruncated ?? false;
    }
    assert.deepEqual(shown, expected);
    const folders = await client.s3.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/', MaxUploads: 4 }));
    assert.deepEqual(
      folders.Uploads?.map(({ Key }) => Key),
      ['a', 'b', 'b'],
    );
    assert.deepEqual(folders.CommonPrefixes, [{ Prefix: 'c/' }]);
    const last = await client.s3.send(
      new ListMultipartUploadsCommand({
        Bucket,
        Delimiter: '/',
        KeyMarker: folders.NextKeyMarker,
        EncodingType: 'url',
      }),
    );
    assert.deepEqual([last.Uploads?.map(({ Key }) => Key), last.CommonPrefixes], [['d%26%0A'], undefined]);
    const inFolder = await client.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'c/' }));
    assert.deepEqual(
      inFolder.Uploads?.map(({ Key }) => Key),
      ['c/1', 'c/2'],
    );
  });
});

describe('validation', () => {
  it('refuses lists of parts that S3 refuses', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k', { ChecksumAlgorithm: 'SHA256' }) };
    const parts = await uploadAll(target, [small, small], { ChecksumAlgorithm: 'SHA256' });
    const [first = {}, second = {}] = parts;
    const cases: [CompletedPart[], object, string, RegExp?][] = [
      [[], {}, 'MalformedXML'],
      [[second, first], {}, 'InvalidPartOrder', /^The list of parts was not in ascending order\./],
      [[first, first], {}, 'InvalidPartOrder'],
      [[first, { ...second, PartNumber: 3 }], {}, 'InvalidPart', /^One or more of the specified parts could not be/],
      [[{ ...first, ETag: `"${'0'.repeat(32)}"` }], {}, 'InvalidPart'],
      [[{ ...first, ChecksumSHA256: second.ETag }], {}, 'InvalidPart'],
      [[first, second], {}, 'EntityTooSmall', /^Your proposed upload is smaller than the minimum allowed size$/],
      [[{ PartNumber: 1, ETag: first.ETag }], {}, 'InvalidRequest', /It was missing for part 1 in the request\.$/],
      [[first], { MpuObjectSize: 1 }, 'InvalidRequest', /'x-amz-mp-object-size' header value 1 does not match/],
      [[first], { ChecksumType: 'FULL_OBJECT' }, 'InvalidRequest', /^The upload was created using the COMPOSITE/],
      [[first], { ChecksumSHA256: hash('sha256', large).toString('base64') }, 'BadDigest'],
      [[first], { IfMatch: '"etag"' }, 'NoSuchKey'],
    ];
    for (const [list, more, code, message] of cases) {
      const refusal = await refusalOf(complete(target, list, more));
      assert.equal(refusal.code, code, JSON.stringify([list, more, refusal]));
      if (message) assert.match(refusal.message, message);
    }
    // All of that changed nothing.
    await complete(target, [first], { MpuObjectSize: small.length, IfNoneMatch: '*' });
    assert.equal((await contentOf(Bucket, 'k')).toString(), small.toString());
  });

  it('refuses uploads that are not there, and parts that cannot be', async () => {
    const Bucket = await client.bucket();
    const UploadId = await create(Bucket, 'k');
    const target = { Bucket, Key: 'k', UploadId };
    const absent = { ...target, UploadId: 'absent' };
    const elsewhere = { ...target, Key: 'other' };
    const cases: [() => Promise<unknown>, string][] = [
      [() => upload(absent, 1, small), 'NoSuchUpload'],
      [() => upload(elsewhere, 1, small), 'NoSuchUpload'],
      [() => complete(absent, [{ PartNumber: 1, ETag: 'x' }]), 'NoSuchUpload'],
      [() => client.s3.send(new ListPartsCommand(absent)), 'NoSuchUpload'],
      [() => client.s3.send(new AbortMultipartUploadCommand(absent)), 'NoSuchUpload'],
      [() => upload(target, 0, small), 'InvalidArgument'],
      [() => upload(target, 10_001, small), 'InvalidArgument'],
      [() => upload(target, 1, small, { ChecksumAlgorithm: 'SHA256' }), 'InvalidRequest'],
      [() => create(Bucket, 'k', { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' }), 'InvalidRequest'],
      [() => create(Bucket, 'k', { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' }), 'InvalidRequest'],
      [() => create('no-such-bucket-here', 'k'), 'NoSuchBucket'],
    ];
    for (const [call, code] of cases) assert.equal((await refusalOf(call())).code, code, String(call));
    const { message } = await refusalOf(upload(target, 1, small, { ChecksumAlgorithm: 'SHA256' }));
    assert.equal(
      message,
      'Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: sha256',
    );
    const bare = await client.root.s3('PUT', `/${Bucket}/k?partNumber=1&uploadId=${UploadId}`, { body: 'x' });
    assert.match(bare.text, /expected checksum Type: crc32, actual checksum Type: null/);
  });
});

describe('behaviour', () => {
  it('gives the answer of a Complete again, and only to the same list', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    const parts = await uploadAll(target, [large, small]);
    const answer = answerOf(await complete(target, parts));
    assert.deepEqual(answerOf(await complete(target, parts)), answer);
    assert.equal((await refusalOf(complete(target, parts.slice(0, 1)))).code, 'NoSuchUpload');
    assert.equal((await refusalOf(upload(target, 3, small))).code, 'NoSuchUpload');
  });

  it('overwrites a part, and leaves out what is not listed', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    await uploadAll(target, [large, Buffer.from('first try')]);
    const parts = await uploadAll(target, [large, small, Buffer.from('not wanted')]);
    await complete(target, parts.slice(0, 2));
    assert.equal((await contentOf(Bucket, 'k')).equals(Buffer.concat([large, small])), true);
  });

  it('combines CRCs of parts into that of the whole', async () => {
    const Bucket = await client.bucket();
    const more = { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' };
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k', more) };
    const parts = await uploadAll(target, [large, small]);
    const whole = sum32(Buffer.concat([large, small])).toString('base64');
    assert.equal((await refusalOf(complete(target, parts, { ChecksumCRC32: 'AAAAAA==' }))).code, 'BadDigest');
    const bare = parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    const answer = await complete(target, bare, { ChecksumCRC32: whole, ChecksumType: 'FULL_OBJECT' });
    assert.deepEqual([answer.ChecksumCRC32, answer.ChecksumType], [whole, 'FULL_OBJECT']);
    // The client checks it against the bytes that it gets.
    assert.equal((await contentOf(Bucket, 'k')).length, large.length + small.length);
  });

  it('aborts', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    const parts = await uploadAll(target, [small]);
    assert.equal((await client.s3.send(new AbortMultipartUploadCommand(target))).$metadata.httpStatusCode, 204);
    assert.equal((await refusalOf(complete(target, parts))).code, 'NoSuchUpload');
    const { Uploads } = await client.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    assert.equal(Uploads, undefined);
  });

  it('lets a bucket be deleted with the uploads that were begun in it', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    await upload(target, 1, small);
    await client.s3.send(new DeleteBucketCommand({ Bucket }));
    assert.equal((await refusalOf(upload(target, 2, small))).code, 'NoSuchBucket');
  });

  it('completes under conditions', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    const parts = await uploadAll(target, [small]);
    const { ETag } = await client.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'there' }));
    assert.equal((await refusalOf(complete(target, parts, { IfNoneMatch: '*' }))).code, 'PreconditionFailed');
    await complete(target, parts, { IfMatch: ETag });
  });

  it('copies objects into parts, whole and in ranges', async () => {
    const Bucket = await client.bucket();
    const source = Buffer.concat([large, small]);
    await client.s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: source }));
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    const copy = (PartNumber: number, more: object = {}) =>
      client.s3.send(new UploadPartCopyCommand({ ...target, PartNumber, CopySource: `${Bucket}/source`, ...more }));
    const parts: CompletedPart[] = [];
    for (const [number, more] of [{}, { CopySourceRange: `bytes=1-${source.length - 1}` }].entries()) {
      const { CopyPartResult } = await copy(number + 1, more);
      const { ETag, ChecksumCRC32 } = CopyPartResult ?? {};
      parts.push({ PartNumber: number + 1, ETag, ChecksumCRC32 });
    }
    assert.equal(parts[0]?.ETag, `"${hash('md5', source).toString('hex')}"`);
    assert.equal(parts[0]?.ChecksumCRC32, sum32(source).toString('base64'));
    assert.equal(parts[1]?.ChecksumCRC32, sum32(source.subarray(1)).toString('base64'));
    for (const CopySourceRange of ['bytes=0-', 'bytes=2-1', `bytes=0-${source.length}`]) {
      assert.equal((await refusalOf(copy(3, { CopySourceRange }))).code, 'InvalidArgument');
    }
    assert.equal((await refusalOf(copy(3, { CopySourceIfMatch: '"other"' }))).code, 'PreconditionFailed');
    const last = await upload(target, 3, small);
    await complete(target, [...parts, { PartNumber: 3, ETag: last.ETag, ChecksumCRC32: last.ChecksumCRC32 }]);
    const expected = Buffer.concat([source, source.subarray(1), small]);
    assert.equal((await contentOf(Bucket, 'k')).equals(expected), true);
  });

  it('copies an object of parts as one of one part', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k') };
    await complete(target, await uploadAll(target, [large, small]));
    const whole = Buffer.concat([large, small]);
    const { CopyObjectResult } = await client.s3.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k` }),
    );
    assert.equal(CopyObjectResult?.ETag, `"${hash('md5', whole).toString('hex')}"`);
    assert.equal(CopyObjectResult?.ChecksumCRC32, sum32(whole).toString('base64'));
    assert.equal(CopyObjectResult?.ChecksumType, 'FULL_OBJECT');
    assert.equal((await contentOf(Bucket, 'copy', { PartNumber: 1 })).equals(whole), true);
  });

  it('verifies checksums of parts, and forgets them, where the upload has none', async () => {
    const Bucket = await client.bucket();
    const target = { Bucket, Key: 'k', UploadId: await create(Bucket, 'k', { ChecksumAlgorithm: undefined }) };
    const wrong = upload(target, 1, small, { ChecksumCRC32: 'AAAAAA==' });
    assert.equal((await refusalOf(wrong)).code, 'BadDigest');
    const [part = {}] = await uploadAll(target, [small]);
    assert.equal((await refusalOf(complete(target, [part]))).code, 'InvalidPart');
    const answer = await complete(target, [{ PartNumber: 1, ETag: part.ETag }]);
    assert.deepEqual([answer.ChecksumCRC32, answer.ChecksumType], [undefined, undefined]);
  });

  it('needs no checksums of clients that know none', async () => {
    const Bucket = await client.bucket();
    const { text } = await client.root.s3('POST', `/${Bucket}/k?uploads=`);
    const id = /<UploadId>([^<]*)<\/UploadId>/.exec(text)?.[1];
    const part = await client.root.s3('PUT', `/${Bucket}/k?partNumber=1&uploadId=${id}`, { body: 'plain' });
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`;
    const answer = await client.root.s3('POST', `/${Bucket}/k?uploadId=${id}`, { body });
    assert.equal(codeOf(answer), '200');
    assert.equal((await contentOf(Bucket, 'k')).toString(), 'plain');
  });
});
