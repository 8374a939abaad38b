/**
 * The checksum of an object that was uploaded in parts.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
import { createHash } from 'node:crypto';
import { combineCrcs, crcKinds, crcOf } from './crc.ts';
import { invalidRequest } from './errors.ts';
import { type ChecksumAlgorithm, checksumAlgorithm } from './integrity.ts';
import type { Checksum } from './objects.ts';
import type { UploadChecksum } from './uploads.ts';

/** What CreateMultipartUpload asks for. CRCs can be of either type; digests can't be combined, and CRC64NVME isn't composed. */
export function uploadChecksum(algorithm: string | undefined, type: string | undefined): UploadChecksum | undefined {
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  const known = checksumAlgorithm(algorithm);
  const chosen = type?.toUpperCase() ?? (known === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (chosen !== 'FULL_OBJECT' && chosen !== 'COMPOSITE') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  const impossible = chosen === 'COMPOSITE' ? known === 'CRC64NVME' : !isCrc(known);
  if (impossible) {
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${known.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm: known, type: chosen };
}

export interface SummedPart {
  readonly size: number;
  /** Base64. */
  readonly value: string;
}

export function wholeChecksum({ algorithm, type }: UploadChecksum, parts: readonly SummedPart[]): Checksum {
  const values = parts.map(({ value }) => value);
  if (type === 'COMPOSITE') {
    const sums = Buffer.concat(values.map((value) => Buffer.from(value, 'base64')));
    return { algorithm, type, value: `${digestOf(algorithm, sums)}-${parts.length}`, parts: values };
  }
  if (!isCrc(algorithm)) throw new TypeError(`${algorithm} can't be combined.`);
  const crcs = parts.map(({ size, value }) => ({
    size,
    crc: BigInt(`0x${Buffer.from(value, 'base64').toString('hex')}`),
  }));
  const kind = crcKinds[algorithm];
  return { algorithm, type, value: base64(combineCrcs(kind, crcs), kind.width) };
}

function digestOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  if (isCrc(algorithm)) return base64(crcOf(crcKinds[algorithm], bytes), crcKinds[algorithm].width);
  return createHash(algorithm.toLowerCase()).update(bytes).digest('base64');
}

function isCrc(algorithm: ChecksumAlgorithm): algorithm is keyof typeof crcKinds {
  return Object.hasOwn(crcKinds, algorithm);
}

function base64(crc: bigint, width: number): string {
  return Buffer.from(crc.toString(16).padStart(width / 4, '0'), 'hex').toString('base64');
}
