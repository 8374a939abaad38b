import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { abortMultipartUpload } from './operations/abort-multipart-upload.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { createBucket } from './operations/create-bucket.ts';
import { createMultipartUpload } from './operations/create-multipart-upload.ts';
import { deleteObject } from './operations/delete-object.ts';
import { getObject } from './operations/get-object.ts';
import { putObject } from './operations/put-object.ts';
import { uploadPart } from './operations/upload-part.ts';
import { uploadPartCopy } from './operations/upload-part-copy.ts';
import { bodyOf, collectedBlobs, type OpenState, openState } from './testing/s3.fixture.ts';

const Bucket = 'bucket';

/** A few calls in short. Bodies are small, so their blobs can be counted. */
async function openBucket() {
  const open: OpenState = await openState();
  const { state, call } = open;
  await createBucket.run({ Bucket }, call, state);
  const target = (Key: string, UploadId: string) => ({ Bucket, Key, UploadId });
  return {
    state,
    call,
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
    put: async (Key: string, content: string) => putObject.run({ Bucket, Key, Body: bodyOf(content) }, call, state),
    remove: async (Key: string) => deleteObject.run({ Bucket, Key }, call, state),
    copy: async (from: string, Key: string) =>
      copyObject.run({ Bucket, Key, CopySource: `${Bucket}/${from}` }, call, state),
    async get(Key: string) {
      const { Body } = await getObject.run({ Bucket, Key }, call, state);
      const chunks: Uint8Array[] = [];
      for await (const chunk of Body ?? []) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
    begin: async (Key: string) => (await createMultipartUpload.run({ Bucket, Key }, call, state)).UploadId ?? '',
    async part(Key: string, UploadId: string, content: string, PartNumber = 1) {
      const Body = bodyOf(content);
      const { ETag } = await uploadPart.run({ ...target(Key, UploadId), PartNumber, Body }, call, state);
      return { PartNumber, ETag };
    },
    async copiedPart(Key: string, UploadId: string, source: string) {
      const input = { ...target(Key, UploadId), PartNumber: 1, CopySource: `${Bucket}/${source}` };
      const { CopyPartResult } = await uploadPartCopy.run(input, call, state);
      return { PartNumber: 1, ETag: CopyPartResult?.ETag };
    },
    complete: async (Key: string, UploadId: string, Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      completeMultipartUpload.run({ ...target(Key, UploadId), MultipartUpload: { Parts } }, call, state),
    abort: async (Key: string, UploadId: string) => abortMultipartUpload.run(target(Key, UploadId), call, state),
  };
}

describe('blobs', () => {
  it('are shared by copies, and stay while one of them does', async () => {
    await using bucket = await openBucket();
    await bucket.put('source', 'shared');
    await bucket.put('same', 'shared');
    await bucket.copy('source', 'copy');
    assert.equal(await collectedBlobs(bucket.state), 1);
    for (const key of ['source', 'same']) await bucket.remove(key);
    assert.equal(await collectedBlobs(bucket.state), 1);
    assert.equal(await bucket.get('copy'), 'shared');
    await bucket.remove('copy');
    assert.equal(await collectedBlobs(bucket.state), 0);
  });

  it('of an upload stay until it is completed or aborted, and those of an overwritten part do not', async () => {
    await using bucket = await openBucket();
    const upload = await bucket.begin('k');
    await bucket.part('k', upload, 'overwritten');
    const part = await bucket.part('k', upload, 'kept');
    await bucket.part('k', upload, 'not listed', 2);
    assert.equal(await collectedBlobs(bucket.state), 2);
    await bucket.complete('k', upload, [part]);
    assert.equal(await collectedBlobs(bucket.state), 1);
    assert.equal(await bucket.get('k'), 'kept');
    const other = await bucket.begin('k');
    await bucket.part('k', other, 'aborted');
    assert.equal(await collectedBlobs(bucket.state), 2);
    await bucket.abort('k', other);
    assert.equal(await collectedBlobs(bucket.state), 1);
    await bucket.put('k', 'replaced');
    assert.equal(await collectedBlobs(bucket.state), 1);
    assert.equal(await bucket.get('k'), 'replaced');
  });

  it('of an object become a part without being copied', async () => {
    await using bucket = await openBucket();
    await bucket.put('source', 'content');
    const upload = await bucket.begin('k');
    const part = await bucket.copiedPart('k', upload, 'source');
    await bucket.remove('source');
    assert.equal(await collectedBlobs(bucket.state), 1);
    await bucket.complete('k', upload, [part]);
    assert.equal(await bucket.get('k'), 'content');
  });

  it('that are being copied are safe from a deletion and a collection', async () => {
    await using bucket = await openBucket();
    const upload = await bucket.begin('parts');
    await bucket.complete('parts', upload, [await bucket.part('parts', upload, 'in parts')]);
    // Its bytes are read for the copy's ETag, which takes a while.
    const copying = bucket.copy('parts', 'copy');
    await bucket.remove('parts');
    await collectedBlobs(bucket.state);
    await copying;
    assert.equal(await collectedBlobs(bucket.state), 1);
    assert.equal(await bucket.get('copy'), 'in parts');
  });

  it('of a write that was refused are gone', async () => {
    await using bucket = await openBucket();
    await bucket.put('k', 'first');
    const { state, call } = bucket;
    const refused = putObject.run({ Bucket, Key: 'k', Body: bodyOf('second'), IfNoneMatch: '*' }, call, state);
    await assert.rejects(async () => refused, { code: 'PreconditionFailed' });
    const wrong = { Bucket, Key: 'k', Body: bodyOf('third'), ContentMD5: Buffer.alloc(16).toString('base64') };
    await assert.rejects(async () => putObject.run(wrong, call, state), { code: 'BadDigest' });
    assert.equal(await collectedBlobs(state), 1);
  });
});
