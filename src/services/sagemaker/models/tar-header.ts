/** Headers of tar archives: POSIX.1-2017 `pax`, ustar, and what GNU tar adds. */

export const blockSize = 512;

export interface TarHeader {
  readonly path: string;
  /** Bytes of content, which is padded to whole blocks. */
  readonly size: number;
  /** POSIX's letter: `0` a file, `5` a folder, `1` and `2` links, `x` and `g` further headers, `L` a long name of GNU's. */
  readonly type: string;
}

/** @returns undefined for the empty block that ends an archive. @throws Error for a block that is no header. */
export function readTarHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (readNumber(block.subarray(148, 156)) !== checksum(block)) throw new Error('it is not a tar archive, or damaged');
  const name = readText(block.subarray(0, 100));
  const isUstar = block.toString('latin1', 257, 262) === 'ustar';
  const isGnu = block.toString('latin1', 257, 265) === 'ustar  \0';
  const prefix = isUstar && !isGnu ? readText(block.subarray(345, 500)) : '';
  const type = String.fromCharCode(block[156] ?? 0).replace('\0', '0');
  return { path: prefix === '' ? name : `${prefix}/${name}`, size: readNumber(block.subarray(124, 136)), type };
}

/** What a `pax` header says of the entry that follows it: `"27 path=some/long/name\n"`, lengths in decimal, themselves included. */
export function readPaxRecords(content: Buffer): { readonly path?: string; readonly size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString('latin1', at, space));
    if (space < 0 || !Number.isSafeInteger(length) || length <= space - at || at + length > content.length) {
      throw new Error('it holds a header that does not parse');
    }
    const [key, value] = splitOnce(content.toString('utf8', space + 1, at + length - 1));
    if (key === 'path') found.path = value;
    if (key === 'size') found.size = wholeNumber(value);
    at += length;
  }
  return found;
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (const [i, byte] of block.entries()) sum += i >= 148 && i < 156 ? 0x20 : byte;
  return sum;
}

/** Octal digits, or big-endian with the first bit set where those do not suffice. */
function readNumber(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) === 0) return wholeNumber(readText(field).trim(), 8);
  const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f);
  if (!Number.isSafeInteger(value)) throw new Error('it holds an entry of impossible size');
  return value;
}

function wholeNumber(digits: string, base: 8 | 10 = 10): number {
  const value = Number.parseInt(digits === '' ? '0' : digits, base);
  if (!/^\d*$/.test(digits) || !Number.isSafeInteger(value)) throw new Error('it is not a tar archive, or damaged');
  return value;
}

export function readText(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}
