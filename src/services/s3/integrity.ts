/**
 * Digests of a body while it is stored: MD5 for the ETag and Content-MD5, and the one that the client chose.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { badDigest, invalidDigest, invalidRequest, malformedTrailer } from './errors.ts';
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

export interface Expectations {
  /** Value of x-amz-trailer: the checksum that follows the body. */
  readonly trailer: string | undefined;
  /** What is computed where the client names nothing: a part's upload has its algorithm. */
  readonly fallback?: ChecksumAlgorithm | undefined;
}

/** @throws AwsFault InvalidDigest, InvalidRequest when the claims themselves make no sense. */
export function checkIntegrity(claims: Claims, { trailer, fallback }: Expectations): Integrity {
  const md5 = createHash('md5');
  const claimedMd5 = claims.ContentMD5 === undefined ? undefined : decodeMd5(claims.ContentMD5);
  const claim = claimedChecksum(claims, trailer);
  const algorithm = claim?.algorithm ?? fallback;
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
      const expected = claim && expectedValue(claim, trailers);
      if (expected !== undefined && expected !== value) throw badDigest(algorithm, { expected, calculated: value });
      return { md5: sum, checksum: { algorithm, value, type: 'FULL_OBJECT' } };
    },
  };
}

/** @throws AwsFault MalformedTrailerError where the trailer that was announced did not come. */
function expectedValue({ algorithm, value }: Claim, trailers: ReadonlyMap<string, string>): string {
  const expected = value ?? trailers.get(checksumHeader(algorithm));
  if (expected === undefined) throw malformedTrailer();
  checkShape(algorithm, expected);
  return expected;
}

function decodeMd5(value: string): Buffer {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== value) throw invalidDigest(value);
  return bytes;
}

/**
 * What an input claims in headers. S3 does not hold a body against checksums in the query of a presigned URL, where clients put those
 * of the empty body that they had when they signed: https://github.com/aws/aws-sdk-js-v3/issues/4448
 */
export function headerClaims(input: Claims, headers: ReadonlyMap<string, string>): Claims {
  const sent = algorithms.filter((algorithm) => headers.has(checksumHeader(algorithm)));
  return {
    ContentMD5: input.ContentMD5,
    ...(headers.has('x-amz-sdk-checksum-algorithm') && { ChecksumAlgorithm: input.ChecksumAlgorithm }),
    ...Object.fromEntries(sent.map((algorithm) => [`Checksum${algorithm}`, input[`Checksum${algorithm}`]])),
  };
}

/** What the client says of the bytes; without a value it follows them. */
interface Claim {
  readonly algorithm: ChecksumAlgorithm;
  readonly value?: string;
}

function claimedChecksum(claims: Claims, trailer: string | undefined): Claim | undefined {
  const sent = algorithms.filter((algorithm) => claims[`Checksum${algorithm}`] !== undefined);
  if (sent.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const announced = trailer === undefined ? undefined : trailerAlgorithm(trailer);
  const algorithm = sent[0] ?? announced;
  const named = claims.ChecksumAlgorithm;
  if (algorithm === undefined) {
    if (named === undefined) return undefined;
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  if (named !== undefined && named.toUpperCase() !== algorithm) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  if (sent.length === 0) return { algorithm };
  const value = claims[`Checksum${algorithm}`] as string;
  checkShape(algorithm, value);
  return { algorithm, value };
}

/** The algorithm that the client names, before its bytes are asked for. @throws AwsFault InvalidRequest. */
export function claimedAlgorithm(input: Claims, headers: ReadonlyMap<string, string>): ChecksumAlgorithm | undefined {
  return claimedChecksum(headerClaims(input, headers), headers.get('x-amz-trailer'))?.algorithm;
}

/** `x-amz-checksum-crc32` → CRC32. @throws AwsFault InvalidRequest. */
function trailerAlgorithm(trailer: string): ChecksumAlgorithm {
  const found = algorithms.find((algorithm) => checksumHeader(algorithm) === trailer.trim().toLowerCase());
  if (found) return found;
  throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
}

/** @throws AwsFault InvalidRequest for an algorithm that is not served. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm {
  const found = algorithms.find((algorithm) => algorithm === name.toUpperCase());
  if (found) return found;
  throw invalidRequest(
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${algorithms.join(', ')}]`,
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
