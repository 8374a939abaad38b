/** ListObjects, ListObjectsV2 and ListObjectVersions: what is shown, in which order, on which pages, in which letters. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { assumeNewRole, codeOf, element } from '../../server/client.ts';
import { fileScope } from '../../server/running.ts';
import { answerOf, type ObjectClient, openObjects, refusalOf } from './object-client.ts';

let client: ObjectClient;
const scope = fileScope(after);
before(async () => {
  client = await openObjects(scope);
});

async function filled(keys: readonly string[], versioning?: 'Enabled'): Promise<string> {
  const bucket = await client.bucket(versioning);
  for (const Key of keys) await client.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
  return bucket;
}

const v1 = (Bucket: string, more: object = {}) => client.s3.send(new ListObjectsCommand({ Bucket, ...more }));
const v2 = (Bucket: string, more: object = {}) => client.s3.send(new ListObjectsV2Command({ Bucket, ...more }));
const versions = (Bucket: string, more: object = {}) =>
  client.s3.send(new ListObjectVersionsCommand({ Bucket, ...more }));

interface Shown {
  readonly Contents?: { readonly Key?: string | undefined }[] | undefined;
  readonly CommonPrefixes?: { readonly Prefix?: string | undefined }[] | undefined;
}

const keysOf = ({ Contents = [] }: Shown) => Contents.map(({ Key }) => Key);
const prefixesOf = ({ CommonPrefixes = [] }: Shown) => CommonPrefixes.map(({ Prefix }) => Prefix);

const album = ['a.jpg', 'cats/1.jpg', 'cats/2.jpg', 'cats/old/3.jpg', 'dogs/1.jpg', 'z.jpg'];

/** As S3 was seen to do it, names are encoded like a form's fields, but for slashes. */
const difficult = {
  'a b': 'a+b',
  'a+b': 'a%2Bb',
  'a%b': 'a%25b',
  'a%20b': 'a%2520b',
  'folder/🐕 dog': 'folder/%F0%9F%90%95+dog',
  'müsli-_.*': 'm%C3%BCsli-_.*',
  "test_file(3)!~'.png": 'test_file%283%29%21%7E%27.png',
  '<&>"': '%3C%26%3E%22',
  'line\nfeed\rreturn\ttab': 'line%0Afeed%0Dreturn%09tab',
};

/** Of no use to XML 1.0. */
const impossible = { 'con\u0001trol\u007f\u0000': 'con%01trol%7F%00', '\ufffe\uffff': '%EF%BF%BE%EF%BF%BF' };

describe('serialization', () => {
  it('shows an object as S3 shows it', async () => {
    const bucket = await filled(['one']);
    const head = await client.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: 'one' }));
    const [object] = (await v2(bucket, { FetchOwner: true })).Contents ?? [];
    const { Owner, ...members } = object ?? {};
    assert.match(Owner?.ID ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(members, {
      Key: 'one',
      LastModified: head.LastModified,
      ETag: head.ETag,
      Size: 1,
      StorageClass: 'STANDARD',
      ChecksumAlgorithm: ['CRC32'],
      ChecksumType: 'FULL_OBJECT',
    });
  });

  it('says what was asked for', async () => {
    const bucket = await filled(album);
    assert.deepEqual(answerOf(await v1(await client.bucket(), { MaxKeys: 0 })).IsTruncated, false);
    const { Contents, CommonPrefixes, Name, ...rest } = answerOf(
      await v2(bucket, { Prefix: 'cats/', Delimiter: '/', StartAfter: 'cats/1', MaxKeys: 2000 }),
    );
    assert.deepEqual(rest, {
      Prefix: 'cats/',
      Delimiter: '/',
      StartAfter: 'cats/1',
      MaxKeys: 1000,
      KeyCount: 3,
      IsTruncated: false,
    });
    const { text } = await client.root.s3('GET', `/${bucket}?versions&max-keys=1`);
    assert.match(text, /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<ListVersionsResult xmlns="[^"]+">/);
    assert.match(text, /<KeyMarker\/>|<KeyMarker><\/KeyMarker>/);
    assert.equal(element(text, 'NextKeyMarker'), 'a.jpg');
    assert.equal(element(text, 'NextVersionIdMarker'), 'null');
  });

  it('encodes names where the client asks for it', async () => {
    const names = Object.entries({ ...difficult, ...impossible });
    const bucket = await filled(names.map(([name]) => name));
    const encoded = names
      .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(([, expected]) => expected);
    const url = { EncodingType: 'url' } as const;
    assert.deepEqual(keysOf(await v1(bucket, url)), encoded);
    const { Versions = [], EncodingType } = await versions(bucket, url);
    assert.deepEqual(
      Versions.map(({ Key }) => Key),
      encoded,
    );
    assert.equal(EncodingType, 'url');
    for (const [name, expected] of names) {
      const page = await v2(bucket, { ...url, Prefix: name, StartAfter: name, Delimiter: name });
      assert.deepEqual([page.Prefix, page.StartAfter, page.Delimiter], [expected, expected, expected]);
    }
    const grouped = await v2(bucket, { ...url, Delimiter: ' ' });
    assert.deepEqual(prefixesOf(grouped), ['a+', 'folder/%F0%9F%90%95+']);
  });

  it('gives names back that XML can hold', async () => {
    const names = Object.keys(difficult);
    const bucket = await filled(names);
    assert.deepEqual(new Set(keysOf(await v1(bucket))), new Set(names));
    assert.deepEqual(new Set(keysOf(await v2(bucket))), new Set(names));
  });

  it('answers with references for what XML 1.0 cannot hold, as S3 does', async () => {
    const bucket = await filled(['con\u0001trol', 'plain']);
    for (const query of ['', '?list-type=2', '?versions']) {
      const { status, text } = await client.root.s3('GET', `/${bucket}${query}`);
      assert.equal(status, 200);
      assert.match(text, /<Key>con&#x1;trol<\/Key>/);
      assert.match(text, /<Key>plain<\/Key>/);
    }
  });
});

describe('validation', () => {
  it('takes page sizes that are numbers', async () => {
    const bucket = await filled(['a']);
    for (const size of ['-1', 'many', '99999999999', '']) {
      for (const list of ['list-type=2', 'versions', 'prefix=']) {
        const answer = await client.root.s3('GET', `/${bucket}?${list}&max-keys=${size}`);
        assert.deepEqual([answer.status, codeOf(answer)], [400, 'InvalidArgument'], `${list} ${size}`);
      }
    }
  });

  it('takes no other encodings, tokens and versions than its own', async () => {
    const bucket = await filled(['a'], 'Enabled');
    const cases = [
      [v2(bucket, { EncodingType: 'base64' }), /^Invalid Encoding Method/],
      [v2(bucket, { ContinuationToken: 'what' }), /^The continuation token provided is incorrect$/],
      [v2(bucket, { ContinuationToken: '' }), /^The continuation token provided is incorrect$/],
      [versions(bucket, { VersionIdMarker: 'x' }), /^A version-id marker cannot be specified without a key marker\.$/],
      [versions(bucket, { KeyMarker: 'a', VersionIdMarker: 'x' }), /^Invalid version id specified$/],
    ] as const;
    for (const [call, expected] of cases) {
      const { code, status, message } = await refusalOf(call);
      assert.deepEqual([code, status], ['InvalidArgument', 400]);
      assert.match(message, expected);
    }
  });

  it('knows which buckets there are', async () => {
    for (const call of [v1('not-there'), v2('not-there'), versions('not-there')]) {
      assert.equal((await refusalOf(call)).code, 'NoSuchBucket');
    }
  });
});

describe('behaviour', () => {
  it('shows folders where there is a delimiter', async () => {
    const bucket = await filled(album);
    const top = await v2(bucket, { Delimiter: '/' });
    assert.deepEqual(keysOf(top), ['a.jpg', 'z.jpg']);
    assert.deepEqual(prefixesOf(top), ['cats/', 'dogs/']);
    assert.equal(top.KeyCount, 4);
    const cats = await v1(bucket, { Delimiter: '/', Prefix: 'cats/' });
    assert.deepEqual(keysOf(cats), ['cats/1.jpg', 'cats/2.jpg']);
    assert.deepEqual(prefixesOf(cats), ['cats/old/']);
    assert.deepEqual(prefixesOf(await v2(bucket, { Delimiter: '.jpg', Prefix: 'c' })), [
      'cats/1.jpg',
      'cats/2.jpg',
      'cats/old/3.jpg',
    ]);
    assert.deepEqual(prefixesOf(await v2(bucket, { Delimiter: 'nothing' })), []);
    assert.equal(keysOf(await v2(bucket, { Delimiter: '' })).length, album.length);
  });

  it('pages by token', async () => {
    const bucket = await filled(album);
    for (const Delimiter of [undefined, '/']) {
      const seen: unknown[] = [];
      const config = { client: client.s3, pageSize: 1 };
      for await (const page of paginateListObjectsV2(config, { Bucket: bucket, Delimiter })) {
        seen.push(...keysOf(page), ...prefixesOf(page));
      }
      assert.deepEqual(seen, Delimiter ? ['a.jpg', 'cats/', 'dogs/', 'z.jpg'] : album);
    }
  });

  it('pages by marker', async () => {
    const bucket = await filled(album);
    const first = await v1(bucket, { MaxKeys: 2 });
    assert.deepEqual([first.IsTruncated, first.NextMarker], [true, undefined]);
    assert.deepEqual(keysOf(await v1(bucket, { Marker: 'cats/1.jpg' })), album.slice(2));

    const seen: unknown[] = [];
    let Marker: string | undefined;
    do {
      const page: Shown & { NextMarker?: string | undefined } = await v1(bucket, {
        Delimiter: '/',
        MaxKeys: 1,
        Marker,
      });
      seen.push(...keysOf(page), ...prefixesOf(page));
      Marker = page.NextMarker;
    } while (Marker);
    assert.deepEqual(seen, ['a.jpg', 'cats/', 'dogs/', 'z.jpg']);
    // A marker below a folder: the page before has shown the folder.
    assert.deepEqual(prefixesOf(await v1(bucket, { Delimiter: '/', Marker: 'cats/1.jpg' })), ['dogs/']);
  });

  it('begins after a key that need not be there', async () => {
    const bucket = await filled(album);
    assert.deepEqual(keysOf(await v2(bucket, { StartAfter: 'cats/2.jpg' })), album.slice(3));
    assert.deepEqual(keysOf(await v2(bucket, { StartAfter: 'e' })), ['z.jpg']);
    assert.deepEqual(keysOf(await v2(bucket, { StartAfter: 'zz' })), []);
    assert.deepEqual(keysOf(await v2(bucket, { StartAfter: 'a', Prefix: 'dogs' })), ['dogs/1.jpg']);
    const page = await v2(bucket, { StartAfter: 'b', MaxKeys: 1 });
    const next = await v2(bucket, { StartAfter: 'b', ContinuationToken: page.NextContinuationToken });
    assert.deepEqual(keysOf(next), album.slice(2));
  });

  it('orders keys by their bytes', async () => {
    const names = ['A', 'a', 'é', '\ud7ff', '\ue000', '\uffee', '🐕'];
    const bucket = await filled(names.toReversed());
    assert.deepEqual(keysOf(await v2(bucket)), names);
    assert.deepEqual(keysOf(await v2(bucket, { StartAfter: '\ue000' })), ['\uffee', '🐕']);
  });

  it('shows versions and delete markers from new to old, page by page', async () => {
    const bucket = await filled(['b', 'a/1', 'b', 'c'], 'Enabled');
    await client.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'b' }));
    const all = await versions(bucket);
    const entries = ({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput) => [
      ...Versions.map(({ Key, VersionId, IsLatest }) => `${Key} ${VersionId} ${IsLatest}`),
      ...DeleteMarkers.map(({ Key, VersionId, IsLatest }) => `${Key} ${VersionId} ${IsLatest} marker`),
    ];
    assert.deepEqual(
      entries(all).map((entry) => entry.replace(/ [\w-]{32}/, '')),
      ['a/1 true', 'b false', 'b false', 'c true', 'b true marker'],
    );
    const seen: string[] = [];
    let page: ListObjectVersionsCommandOutput | undefined;
    do {
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page ?? {};
      page = await versions(bucket, { MaxKeys: 1, KeyMarker, VersionIdMarker });
      seen.push(...entries(page));
    } while (page.IsTruncated);
    assert.deepEqual(seen.toSorted(), entries(all).toSorted());
    const folders = await versions(bucket, { MaxKeys: 1, Delimiter: '/' });
    assert.deepEqual(prefixesOf(folders), ['a/']);
    assert.deepEqual([folders.NextKeyMarker, folders.NextVersionIdMarker], ['a/', undefined]);
    assert.equal(entries(await versions(bucket, { Delimiter: '/', KeyMarker: 'a/' })).length, 4);
  });

  it('lets a client delete all versions page by page', async () => {
    const bucket = await filled(['k', 'k', 'k', 'l', 'k'], 'Enabled');
    let page: ListObjectVersionsCommandOutput | undefined;
    let deleted = 0;
    do {
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page ?? {};
      page = await versions(bucket, { MaxKeys: 1, KeyMarker, VersionIdMarker });
      for (const { Key, VersionId } of page.Versions ?? []) {
        await client.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId }));
        deleted++;
      }
    } while (page.IsTruncated);
    assert.equal(deleted, 5);
    assert.equal((await versions(bucket)).Versions, undefined);
  });

  it('lets policies bind the right to list to a prefix', async () => {
    const bucket = await filled(album);
    const allow = (Action: string, Condition: object) => {
      return { Effect: 'Allow', Action, Resource: `arn:aws:s3:::${bucket}`, Condition };
    };
    const policy = {
      Version: '2012-10-17',
      Statement: [
        allow('s3:ListBucket', { StringLike: { 's3:prefix': 'cats/*' } }),
        allow('s3:ListBucketVersions', { NumericLessThanEquals: { 's3:max-keys': '10' } }),
      ],
    };
    const { caller } = await assumeNewRole(client.root, 'lister', { policy, url: client.url });
    const ask = async (query: string) => codeOf(await caller.s3('GET', `/${bucket}?${query}`));
    assert.equal(await ask('list-type=2&prefix=cats%2F'), '200');
    assert.equal(await ask('prefix=cats%2Fold'), '200');
    assert.equal(await ask('list-type=2&prefix=dogs%2F'), 'AccessDenied');
    assert.equal(await ask('list-type=2'), 'AccessDenied');
    assert.equal(await ask('versions&max-keys=10'), '200');
    assert.equal(await ask('versions&max-keys=11'), 'AccessDenied');
    assert.equal(await ask('versions'), 'AccessDenied');
  });
});
