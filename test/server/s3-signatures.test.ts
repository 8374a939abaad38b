import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { type ChunkedForm, chunkedUpload } from './chunked-uploads.ts';
import { codeOf, element, rawRequest, send } from './client.ts';
import { fileScope, type Running, running } from './running.ts';
import { presigned, presignedV2, signed } from './signing.ts';

const file = fileScope(after);
let at: Running;
before(async () => {
  at = await running(file);
  assert.equal((await at.root.s3('PUT', '/bucket')).status, 200);
  assert.equal((await at.root.s3('PUT', '/bucket/kept', { body: 'kept bytes' })).status, 200);
});

const minute = 60_000;
const inMinutes = (minutes: number): Date => new Date(Date.now() + minutes * minute);

describe('S3', () => {
  test('takes objects in every streaming form, and refuses them with a byte changed', async () => {
    const chunks = [Buffer.alloc(8192, 'a'), Buffer.alloc(10_000, 'b'), Buffer.from('end')];
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(Buffer.concat(chunks)));
    const trailer = ['x-amz-checksum-crc32', checksum.toString('base64')] as const;
    const forms: readonly (readonly [ChunkedForm, string])[] = [
      ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'SignatureDoesNotMatch'],
      ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', 'SignatureDoesNotMatch'],
      ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'BadDigest'],
    ];
    for (const [form, refusal] of forms) {
      const withTrailer = form.endsWith('TRAILER');
      const request = await chunkedUpload(rawRequest(at.url, { target: '/bucket/streamed' }), {
        ...{ keys: at.server.credentials, form, chunks },
        ...(withTrailer && { trailer }),
      });
      const taken = await send(at.url, request);
      assert.equal(taken.status, 200, `${form} ${taken.text}`);
      assert.ok((await at.root.s3('GET', '/bucket/streamed')).body.equals(Buffer.concat(chunks)), form);

      const changed = Buffer.from(request.body);
      changed[changed.indexOf('bbb')] = 99;
      const answer = await send(at.url, { ...request, target: request.target, body: changed });
      assert.equal(codeOf(answer), refusal, form);
      assert.ok((await at.root.s3('GET', '/bucket/streamed')).body.equals(Buffer.concat(chunks)), form);
    }
  });

  test('takes a body that was not signed', async () => {
    const request = rawRequest(at.url, { method: 'PUT', target: '/bucket/unsigned', body: 'anything' });
    const { credentials: keys } = at.server;
    const sent = await signed(request, { keys, service: 's3', payload: 'UNSIGNED-PAYLOAD' });
    assert.equal((await send(at.url, { ...sent, body: Buffer.from('other') })).status, 200);
  });

  test('takes presigned URLs until they expire', async () => {
    const get = rawRequest(at.url, { target: '/bucket/kept' });
    const { credentials: keys } = at.server;
    const signing = { keys, service: 's3' };
    const whole = await send(at.url, await presigned(get, signing));
    assert.equal(whole.text, 'kept bytes');
    const put = await presigned({ ...get, method: 'PUT', target: '/bucket/put' }, signing);
    assert.equal((await send(at.url, { ...put, body: Buffer.from('uploaded') })).status, 200);

    const later = await send(at.url, await presigned(get, { ...signing, date: inMinutes(-2), expiresIn: 60 }));
    assert.deepEqual(
      [later.status, codeOf(later), element(later.text, 'Message')],
      [403, 'AccessDenied', 'Request has expired'],
    );
    const sooner = await send(at.url, await presigned(get, { ...signing, date: inMinutes(16) }));
    assert.deepEqual([sooner.status, element(sooner.text, 'Message')], [403, 'Request is not valid yet']);
    const valid = await presigned(get, signing);
    for (const [from, to] of [
      ['kept', 'put'],
      ['X-Amz-Expires=300', 'X-Amz-Expires=900'],
      ['X-Amz-Signature=', 'X-Amz-Signature=0'],
    ]) {
      const answer = await send(at.url, { ...valid, target: valid.target.replace(from!, to!) });
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'SignatureDoesNotMatch'], from);
    }
  });

  test('takes URLs presigned with signature version 2', async () => {
    const get = rawRequest(at.url, { target: '/bucket/kept' });
    const { credentials: keys } = at.server;
    const signing = { keys, expires: inMinutes(5) };
    assert.equal((await send(at.url, presignedV2(get, signing))).text, 'kept bytes');
    assert.equal(
      codeOf(await send(at.url, { ...presignedV2(get, signing), method: 'DELETE' })),
      'SignatureDoesNotMatch',
    );
    const late = await send(at.url, presignedV2(get, { keys, expires: inMinutes(-1) }));
    assert.deepEqual([late.status, codeOf(late)], [403, 'AccessDenied']);
  });

  test('does nothing for who does not sign', async () => {
    for (const [method, target] of [
      ['GET', '/'],
      ['GET', '/bucket'],
      ['GET', '/bucket/kept'],
      ['PUT', '/bucket/x'],
      ['DELETE', '/bucket'],
    ]) {
      const answer = await send(at.url, rawRequest(at.url, { method: method!, target: target! }));
      assert.deepEqual([answer.status, codeOf(answer)], [403, 'AccessDenied'], `${method} ${target}`);
    }
  });
});
