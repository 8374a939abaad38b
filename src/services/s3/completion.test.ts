import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { multipartEtag } from './completion.ts';
import { parseCopySource } from './copy-source.ts';
import { uploadChecksum, wholeChecksum } from './whole-checksum.ts';

describe('multipartEtag', () => {
  it('is the MD5 of the parts’ MD5s and their number', () => {
    // Of parts of 8 MiB and 2 MiB of zero bytes, as any S3 gives it.
    const parts = ['96995b58d4cbf6aaa9041b4f00c7f6ae', 'b2d1236c286a3c0704224fe4105eca49'];
    assert.equal(multipartEtag(parts), '669fdad9e309b552f1e9cf7b489c1f73-2');
  });
});

describe('wholeChecksum', () => {
  it('is the checksum of checksums that AWS documents', () => {
    // Captured from S3: three parts of 5, 5 and 1 MiB, https://github.com/floci-io/floci/issues/3083.
    const values = [
      'lcKa6Boe7a167tUCN5C4OaFygGSYD8MBnBARTrdL+1w=',
      'gHjhbUT4oo2tSCtSZJdlKi+jeNXJT+VImqdPXsXvkOc=',
      '4l9PQ3zOPZ0oGFvknFX+J4zZwE4WMzO+l3r8XrbWOeM=',
    ];
    const whole = wholeChecksum(
      { algorithm: 'SHA256', type: 'COMPOSITE' },
      values.map((value) => ({ size: 1, value })),
    );
    assert.equal(whole.value, 'rVWtNbadtsaKXJAcgWPWjifHzJaXde/iV4jaJAOdivc=-3');
    assert.deepEqual(whole.parts, values);
  });
});

describe('uploadChecksum', () => {
  it('knows which types an algorithm has, and which it has by default', () => {
    assert.equal(uploadChecksum(undefined, undefined), undefined);
    assert.deepEqual(uploadChecksum('crc32', undefined), { algorithm: 'CRC32', type: 'COMPOSITE' });
    assert.deepEqual(uploadChecksum('CRC64NVME', undefined), { algorithm: 'CRC64NVME', type: 'FULL_OBJECT' });
    assert.deepEqual(uploadChecksum('CRC32C', 'full_object'), { algorithm: 'CRC32C', type: 'FULL_OBJECT' });
    const refused: [string | undefined, string, string][] = [
      ['SHA256', 'FULL_OBJECT', 'The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.'],
      ['CRC64NVME', 'COMPOSITE', 'The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.'],
      ['CRC32', 'OTHER', 'Value for x-amz-checksum-type header is invalid.'],
      [
        undefined,
        'COMPOSITE',
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      ],
    ];
    for (const [algorithm, type, message] of refused) {
      assert.throws(() => uploadChecksum(algorithm, type), { code: 'InvalidRequest', message });
    }
  });
});

describe('parseCopySource', () => {
  it('takes every way to write it', () => {
    const where = (CopySource: string) => {
      const { Bucket, Key, VersionId } = parseCopySource({ CopySource });
      return [Bucket, Key, VersionId];
    };
    assert.deepEqual(where('bucket/key'), ['bucket', 'key', undefined]);
    assert.deepEqual(where('/bucket/a/b%20c%2Bd+e'), ['bucket', 'a/b c+d+e', undefined]);
    assert.deepEqual(where('bucket%2Fkey'), ['bucket', 'key', undefined]);
    assert.deepEqual(where('bucket/k%3Fey?versionId=%61bc'), ['bucket', 'k?ey', 'abc']);
    assert.deepEqual(where('bucket//key'), ['bucket', '/key', undefined]);
    assert.deepEqual(where('bucket/50%'), ['bucket', '50%', undefined]);
    for (const source of ['', '/', 'bucket', '/bucket', 'bucket/', '//key']) {
      assert.throws(() => where(source), { code: 'InvalidArgument' }, source);
    }
  });
});
