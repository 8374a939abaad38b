import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { checkIntegrity, headerClaims } from './integrity.ts';

const bytes = Buffer.from('123456789');
/** The check values that every catalogue of CRCs gives for "123456789". */
const known = {
  CRC32: Buffer.from('cbf43926', 'hex').toString('base64'),
  CRC32C: Buffer.from('e3069283', 'hex').toString('base64'),
  CRC64NVME: Buffer.from('ae8b14860a799888', 'hex').toString('base64'),
  SHA1: createHash('sha1').update(bytes).digest('base64'),
  SHA256: createHash('sha256').update(bytes).digest('base64'),
} as const;

async function finish(
  claims: Parameters<typeof checkIntegrity>[0],
  {
    trailer,
    trailers = {},
    fallback,
  }: { trailer?: string; trailers?: Record<string, string>; fallback?: 'CRC32' } = {},
) {
  const integrity = checkIntegrity(claims, { trailer, fallback });
  for (const sink of integrity.sinks) for (const byte of bytes) sink.update(Uint8Array.of(byte));
  return integrity.finish(new Map(Object.entries(trailers)));
}

describe('checkIntegrity', () => {
  for (const [algorithm, value] of Object.entries(known) as [keyof typeof known, string][]) {
    it(`knows ${algorithm}, before the bytes and after them`, async () => {
      const header = `x-amz-checksum-${algorithm.toLowerCase()}`;
      const expected = { algorithm, value, type: 'FULL_OBJECT' };
      assert.deepEqual((await finish({ [`Checksum${algorithm}`]: value })).checksum, expected);
      const trailed = await finish(
        { ChecksumAlgorithm: algorithm },
        { trailer: header, trailers: { [header]: value } },
      );
      assert.deepEqual(trailed.checksum, expected);
      const wrong = Buffer.alloc(Buffer.from(value, 'base64').length).toString('base64');
      await assert.rejects(finish({ [`Checksum${algorithm}`]: wrong }), { code: 'BadDigest' });
      await assert.rejects(finish({}, { trailer: header, trailers: { [header]: wrong } }), { code: 'BadDigest' });
      await assert.rejects(finish({}, { trailer: header }), { code: 'MalformedTrailerError' });
    });
  }

  it('sums what nobody claims only where somebody wants it', async () => {
    const plain = await finish({});
    assert.deepEqual([plain.md5.toString('hex'), plain.checksum], ['25f9e794323b453885f5181f1b624d0b', undefined]);
    assert.equal((await finish({}, { fallback: 'CRC32' })).checksum?.value, known.CRC32);
    assert.equal((await finish({ ChecksumSHA1: known.SHA1 }, { fallback: 'CRC32' })).checksum?.algorithm, 'SHA1');
  });

  it('refuses claims that make no sense before the bytes are read', () => {
    const refused: [Parameters<typeof checkIntegrity>[0], string | undefined, string][] = [
      [{ ContentMD5: 'short' }, undefined, 'InvalidDigest'],
      [{ ChecksumCRC32: 'short' }, undefined, 'InvalidRequest'],
      [{ ChecksumCRC32: known.SHA1 }, undefined, 'InvalidRequest'],
      [{ ChecksumCRC32: known.CRC32, ChecksumSHA1: known.SHA1 }, undefined, 'InvalidRequest'],
      [{ ChecksumAlgorithm: 'CRC32' }, undefined, 'InvalidRequest'],
      [{ ChecksumAlgorithm: 'SHA1' }, 'x-amz-checksum-crc32', 'InvalidRequest'],
      [{}, 'x-amz-checksum-md4', 'InvalidRequest'],
    ];
    for (const [claims, trailer, code] of refused) {
      assert.throws(() => checkIntegrity(claims, { trailer }), { code });
    }
  });
});

describe('headerClaims', () => {
  it('leaves out checksums that were not sent as headers', () => {
    const input = { ChecksumCRC32: 'AAAAAA==', ChecksumAlgorithm: 'CRC32', ContentMD5: 'md5' };
    assert.deepEqual(headerClaims(input, new Map()), { ContentMD5: 'md5' });
    const headers = new Map([
      ['x-amz-checksum-crc32', 'AAAAAA=='],
      ['x-amz-sdk-checksum-algorithm', 'CRC32'],
    ]);
    assert.deepEqual(headerClaims(input, headers), input);
  });
});
