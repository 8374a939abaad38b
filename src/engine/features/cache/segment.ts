/**
 * The file format of the cache. A segment is a header and then blocks; every block is written by one call, so that a process killed
 * at any moment leaves whole blocks and at most one torn one at the end, which readers recognise and ignore.
 *
 *   header (56 bytes): "whipsegm" · u32 version · u32 0 · 32 bytes space · u32 CRC of all before · u32 0
 *   block: u32 "BLK1" · u32 n · u32 payload bytes · u32 CRC of (n, payload bytes, table) · table · payloads
 *   table: n × (40 bytes key · u32 payload length · u32 CRC of the payload)
 *
 * All integers are little-endian. Tables hold what is needed to find a record, so opening reads them and skips the payloads.
 */
import { fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';

export const segmentVersion = 1;
export const keyBytes = 40;
export const headerBytes = 56;
const magic = Buffer.from('whipsegm');
const blockMagic = 0x314b4c42;
const blockHeaderBytes = 16;
const entryBytes = keyBytes + 8;

export interface CacheRecord {
  readonly key: Buffer;
  readonly payload: Uint8Array;
}

/** Where a record lies in its segment. `key` is the key's 40 bytes as latin1 text, fit for a Map. */
export interface Placement {
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

/** `space` names what the records have in common (backbone, preprocessing, versions): 32 bytes. */
export function encodeHeader(space: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt32LE(segmentVersion, 8);
  space.copy(header, 16, 0, 32);
  header.writeUInt32LE(crc32(header.subarray(0, 48)), 48);
  return header;
}

export function encodeBlock(records: readonly CacheRecord[]): Buffer {
  const payloadBytes = records.reduce((sum, { payload }) => sum + payload.length, 0);
  const tableEnd = blockHeaderBytes + records.length * entryBytes;
  const block = Buffer.allocUnsafe(tableEnd + payloadBytes);
  let entry = blockHeaderBytes;
  let at = tableEnd;
  for (const { key, payload } of records) {
    key.copy(block, entry, 0, keyBytes);
    block.writeUInt32LE(payload.length, entry + keyBytes);
    block.writeUInt32LE(crc32(payload), entry + keyBytes + 4);
    block.set(payload, at);
    entry += entryBytes;
    at += payload.length;
  }
  block.writeUInt32LE(blockMagic, 0);
  block.writeUInt32LE(records.length, 4);
  block.writeUInt32LE(payloadBytes, 8);
  block.writeUInt32LE(tableCrc(block, tableEnd), 12);
  return block;
}

function tableCrc(block: Buffer, tableEnd: number): number {
  return crc32(block.subarray(blockHeaderBytes, tableEnd), crc32(block.subarray(4, 12)));
}

/**
 * Reads the tables of an open segment and calls `onRecord` for each record in the order of writing.
 * Returns whether everything up to the end of the file was whole; what follows a damaged or torn block is not looked at.
 */
export function scanSegment(file: number, space: Buffer, onRecord: (placement: Placement) => void): boolean {
  const size = fstatSync(file).size;
  const window = new Window(file, size);
  const header = window.at(0, headerBytes);
  if (!header?.equals(encodeHeader(space))) return false;
  let at = headerBytes;
  while (at < size) {
    const head = window.at(at, blockHeaderBytes);
    if (!head || head.readUInt32LE(0) !== blockMagic) return false;
    const count = head.readUInt32LE(4);
    const payloadBytes = head.readUInt32LE(8);
    const tableEnd = blockHeaderBytes + count * entryBytes;
    const end = at + tableEnd + payloadBytes;
    if (end > size) return false;
    const block = window.at(at, tableEnd);
    if (!block || block.readUInt32LE(12) !== tableCrc(block, tableEnd)) return false;
    let offset = at + tableEnd;
    for (let entry = blockHeaderBytes; entry < tableEnd; entry += entryBytes) {
      const length = block.readUInt32LE(entry + keyBytes);
      onRecord({
        key: block.toString('latin1', entry, entry + keyBytes),
        offset,
        length,
        crc: block.readUInt32LE(entry + keyBytes + 4),
      });
      offset += length;
    }
    at = end;
  }
  return true;
}

/** Reads a file forwards through a small buffer: small blocks cost no call each, large payloads are jumped over. */
class Window {
  readonly #file: number;
  readonly #size: number;
  #buffer = Buffer.allocUnsafe(8192);
  #start = 0;
  #length = 0;

  constructor(file: number, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** The bytes from `position`, valid until the next call, or undefined where the file ends before. */
  at(position: number, length: number): Buffer | undefined {
    if (position + length > this.#size) return undefined;
    if (position < this.#start || position + length > this.#start + this.#length) {
      if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafe(length);
      this.#start = position;
      this.#length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, position);
      if (this.#length < length) return undefined;
    }
    return this.#buffer.subarray(position - this.#start, position - this.#start + length);
  }
}
