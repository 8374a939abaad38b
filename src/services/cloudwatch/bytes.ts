/** Numbers in few bytes. Integers below 2^49 take one byte for each 5 to 7 bits; others 5 bytes where single precision suffices, or 9. */

export interface ByteWriter {
  /** A whole number from 0 to 2^53. */
  varint(value: number): void;
  number(value: number): void;
  finish(): Buffer;
}

export interface ByteReader {
  varint(): number;
  number(): number;
}

const largestInteger = 2 ** 49;

export function createWriter(): ByteWriter {
  let bytes = Buffer.allocUnsafe(256);
  let length = 0;
  const reserve = (count: number): number => {
    if (length + count > bytes.length) bytes = Buffer.concat([bytes], 2 * bytes.length + count);
    const at = length;
    length += count;
    return at;
  };
  const varint = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) {
      // Evaluated first: reserve may move the bytes.
      const at = reserve(1);
      bytes[at] = (rest % 128) + 128;
    }
    const at = reserve(1);
    bytes[at] = rest;
  };
  return {
    varint,
    number(value) {
      if (Number.isInteger(value) && Math.abs(value) < largestInteger) {
        varint(4 * (value < 0 ? -2 * value - 1 : 2 * value));
      } else if (Math.fround(value) === value) {
        varint(1);
        const at = reserve(4);
        bytes.writeFloatLE(value, at);
      } else {
        varint(2);
        const at = reserve(8);
        bytes.writeDoubleLE(value, at);
      }
    },
    finish: () => Buffer.from(bytes.subarray(0, length)),
  };
}

export function createReader(source: Uint8Array): ByteReader {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes.readUInt8(at++);
      if (byte < 128) return value + byte * scale;
      value += (byte - 128) * scale;
    }
  };
  return {
    varint,
    number() {
      const tag = varint();
      if (tag % 4 === 0) {
        const folded = tag / 4;
        return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
      }
      const width = tag === 1 ? 4 : 8;
      at += width;
      return width === 4 ? bytes.readFloatLE(at - 4) : bytes.readDoubleLE(at - 8);
    },
  };
}
