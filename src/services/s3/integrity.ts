/**
 * Digests of a body while it is stored: MD5 for the ETag and Content-MD5, and the one that the client chose.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { badDigest, invalidArgument, invalidDigest, invalidRequest } from './errors.ts';
import type { Checksum } from './objects.ts';

export type ChecksumAlgorithm = Checksum['algorithm'];

/** Bytes go in, Base64 comes out. */
interface Digest {
  update(bytes: Uint8Array): void;
  value(): Promise<string>;
}

interface ChecksumKind {
  /** Of the decoded value. */
  readonly bytes: number;
  readonly create: () => Digest;
}

export const checksumKinds: Readonly<Record<ChecksumAlgorithm, ChecksumKind>> = {
  CRC32: { bytes: 4, create: crc32Digest },
  CRC32C: { bytes: 4, create: () => sdkDigest(new Crc32c()) },
  CRC64NVME: { bytes: 8, create: () => sdkDigest(new Crc64Nvme()) },
  SHA1: { bytes: 20, create: () => hashDigest('sha1') },
  SHA256: { bytes: 32, create: () => hashDigest('sha256') },
};

/** Members of inputs and outputs by algorithm. */
export type ChecksumMembers = {
  readonly [Algorithm in ChecksumAlgorithm as `Checksum${Algorithm}`]?: string | undefined;
};

/** What a client says of the bytes it sends. */
export interface Claims extends ChecksumMembers {
  readonly ContentMD5?: string | undefined;
  /** x-amz-sdk-checksum-algorithm: which it will compute. */
  readonly ChecksumAlgorithm?: string | undefined;
}

export interface Integrity {
  /** Fed with every byte. */
  readonly sinks: readonly { update(bytes: Uint8Array): void }[];
  /**
   * Call when all bytes have gone through. `trailers` are those that followed the body.
   * @throws AwsFault BadDigest when a claim does not hold.
   */
  finish(trailers: ReadonlyMap<string, string>): Promise<{ md5: Buffer; checksum: Checksum | undefined }>;
}

/**
 * @param trailer Value of x-amz-trailer: the checksum that follows the body.
 * @throws AwsFault InvalidDigest, InvalidRequest when the claims themselves make no sense.
 */
export function checkIntegrity(claims: Claims, trailer: string | undefined): Integrity {
  const md5 = createHash('md5');
  const claimedMd5 = claims.ContentMD5 === undefined ? undefined : decodeMd5(claims.ContentMD5);
  const { algorithm, value: claimed } = claimedChecksum(claims, trailer);
  const digest = algorithm && checksumKinds[algorithm].create();
  return {
    sinks: digest ? [md5, digest] : [md5],
    async finish(trailers) {
      const sum = md5.digest();
      if (claimedMd5 && !claimedMd5.equals(sum)) {
        throw badDigest('Content-MD5', { expected: claims.ContentMD5 ?? '', calculated: sum.toString('base64') });
      }
      if (!digest || !algorithm) return { md5: sum, checksum: undefined };
      const value = await digest.value();
      const expected = claimed ?? trailers.get(checksumHeader(algorithm));
      if (expected !== undefined) {
        checkShape(algorithm, expected);
        if (expected !== value) throw badDigest(algorithm, { expected, calculated: value });
      }
      return { md5: sum, checksum: { algorithm, value, type: 'FULL_OBJECT' } };
    },
  };
}

function decodeMd5(value: string): Buffer {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== value) throw invalidDigest(value);
  return bytes;
}

/** The one checksum that the client sends before, after or instead of the body's bytes being trusted. */
function claimedChecksum(
  claims: Claims,
  trailer: string | undefined,
): { algorithm?: ChecksumAlgorithm; value?: string } {
  const sent = algorithms.filter((algorithm) => claims[`Checksum${algorithm}`] !== undefined);
  if (sent.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const [algorithm] = sent;
  if (algorithm) {
    const value = claims[`Checksum${algorithm}`] as string;
    checkShape(algorithm, value);
    return { algorithm, value };
  }
  const named = algorithms.find((name) => checksumHeader(name) === trailer?.toLowerCase()) ?? claims.ChecksumAlgorithm;
  return named === undefined ? {} : { algorithm: checksumAlgorithm(named) };
}

/** @throws AwsFault InvalidArgument for an algorithm that is not served. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm {
  const found = algorithms.find((algorithm) => algorithm === name.toUpperCase());
  if (found) return found;
  throw invalidArgument(
    `Checksum algorithm provided is unsupported. Use one of ${algorithms.join(', ')}.`,
    'x-amz-sdk-checksum-algorithm',
    name,
  );
}

function checkShape(algorithm: ChecksumAlgorithm, value: string): void {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length === checksumKinds[algorithm].bytes && bytes.toString('base64') === value) return;
  throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
}

export const algorithms = Object.keys(checksumKinds) as readonly ChecksumAlgorithm[];

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** A checksum as the member of an answer. */
export function checksumMembers(checksum: Checksum | undefined): ChecksumMembers & { ChecksumType?: Checksum['type'] } {
  if (!checksum) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

function hashDigest(name: 'sha1' | 'sha256'): Digest {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), value: async () => hash.digest('base64') };
}

/** zlib's, which is ten times as fast as one in JavaScript. */
function crc32Digest(): Digest {
  let sum = 0;
  return {
    update(bytes) {
      sum = crc32(bytes, sum);
    },
    async value() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum);
      return bytes.toString('base64');
    },
  };
}

function sdkDigest(checksum: { update(bytes: Uint8Array): void; digest(): Promise<Uint8Array> }): Digest {
  return {
    update: (bytes) => checksum.update(bytes),
    value: async () => Buffer.from(await checksum.digest()).toString('base64'),
  };
}
