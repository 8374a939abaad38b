/**
 * The CRC of a whole from the CRCs of its parts, without reading a byte: appending n zero bytes to a message multiplies its CRC by
 * x^8n modulo the polynomial. zlib does it so for 32 bits: https://github.com/madler/zlib/blob/develop/crc32.c (crc32_combine_).
 */

/** A reflected CRC whose register begins as ones and is inverted at the end: all that S3 knows are of this kind. */
export interface CrcKind {
  /** Bits of the register. */
  readonly width: 32 | 64;
  /** Reflected: the bit of x^0 is the highest one. */
  readonly polynomial: bigint;
}

export const crcKinds = {
  CRC32: { width: 32, polynomial: 0xedb88320n },
  CRC32C: { width: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
} as const satisfies Record<string, CrcKind>;

export interface CrcPart {
  readonly crc: bigint;
  /** Bytes. */
  readonly size: number;
}

/** The CRC of a few bytes, bit by bit: of the parts' checksums, for a composite one. */
export function crcOf({ width, polynomial }: CrcKind, bytes: Uint8Array): bigint {
  const ones = (1n << BigInt(width)) - 1n;
  let register = ones;
  for (const byte of bytes) {
    register ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) register = register & 1n ? (register >> 1n) ^ polynomial : register >> 1n;
  }
  return register ^ ones;
}

/** The CRC of the parts' bytes one after another. */
export function combineCrcs(kind: CrcKind, parts: Iterable<CrcPart>): bigint {
  // Parts of an upload have the same size, but for the last.
  const shifts = new Map<number, bigint>();
  let whole = 0n;
  for (const { crc, size } of parts) {
    const shift = shifts.get(size) ?? powerOfX(kind, size);
    shifts.set(size, shift);
    whole = multiply(kind, whole, shift) ^ crc;
  }
  return whole;
}

/** x^(8 × bytes), by squaring. */
function powerOfX(kind: CrcKind, bytes: number): bigint {
  const one = 1n << BigInt(kind.width - 1);
  let result = one;
  let square = one >> 8n;
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(kind, result, square);
    square = multiply(kind, square, square);
  }
  return result;
}

/** Of two polynomials, modulo that of the CRC. */
function multiply({ width, polynomial }: CrcKind, a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 1n << BigInt(width - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
