import { createHash } from 'node:crypto';
import { userError } from '../../errors/index.ts';
import type { FeatureMatrix } from '../features/features.ts';
import { quantiseDirection } from '../novelty/directions.ts';

/** One training picture of the index. Without `name` where names are private. */
export interface IndexedPicture {
  readonly name?: string;
  readonly label: number;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
}

/** Training pictures by what the backbone sees in them: directions of the standardised features, a byte per number. */
export interface TrainingIndex {
  readonly dimension: number;
  readonly pictures: readonly IndexedPicture[];
  /** Per feature, over the training pictures. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  readonly scales: Float32Array;
  readonly values: Int8Array;
}

/** 64 MB hold 32,000 pictures of 2048 features; of larger sets each class keeps an equal share. */
export const indexByteLimit = 64_000_000;

const magic = 'WHIPIDX1';
const headerBytes = 20;
const digestBytes = 32;

/**
 * Builds the index of training pictures. Of pictures with several views (rows one after the other) it holds the first.
 * @param byteLimit for the feature bytes; past it, pictures are dropped from the largest classes, in the order given.
 */
export function buildTrainingIndex(
  features: FeatureMatrix,
  pictures: readonly IndexedPicture[],
  byteLimit = indexByteLimit,
): TrainingIndex {
  const { dimension, data } = features;
  const views = features.rows / pictures.length;
  if (!Number.isInteger(views))
    throw new RangeError(`${features.rows} rows are not views of ${pictures.length} pictures`);
  const { mean, deviation } = standardisation(features);
  const kept = withinLimit(pictures, Math.max(1, Math.floor(byteLimit / dimension)));
  const values = new Int8Array(kept.length * dimension);
  const row = new Float64Array(dimension);
  const scales = Float32Array.from(kept, (source, at) => {
    for (let d = 0; d < dimension; d++) row[d] = (data[source * views * dimension + d]! - mean[d]!) / deviation[d]!;
    return quantiseDirection(row, values.subarray(at * dimension, (at + 1) * dimension));
  });
  return { dimension, pictures: kept.map((source) => pictures[source]!), mean, deviation, scales, values };
}

function standardisation({ rows, dimension, data }: FeatureMatrix): { mean: Float32Array; deviation: Float32Array } {
  const sum = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  for (let row = 0, at = 0; row < rows; row++) for (let d = 0; d < dimension; d++) sum[d]! += data[at++]!;
  const mean = Float32Array.from(sum, (total) => total / rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let d = 0; d < dimension; d++) squares[d]! += (data[at++]! - mean[d]!) ** 2;
  }
  // A feature that never changes says nothing: with deviation 1 it stays at 0.
  return { mean, deviation: Float32Array.from(squares, (total) => Math.sqrt(total / rows) || 1) };
}

/** Indices to keep, in order: the n-th picture of every class comes before the n+1-th of any. */
function withinLimit(pictures: readonly IndexedPicture[], limit: number): number[] {
  const all = [...pictures.keys()];
  if (pictures.length <= limit) return all;
  const seen = new Map<number, number>();
  const place = pictures.map(({ label }) => {
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    return before;
  });
  return all
    .sort((a, b) => place[a]! - place[b]! || a - b)
    .slice(0, limit)
    .sort((a, b) => a - b);
}

/**
 * Bytes of `training-index.bin`, little-endian: magic, rows, dimension, length of names (uint32), mean and deviation (float32 × dimension),
 * labels (uint32), scales (float32), digests (32 bytes), values (int8), names (JSON array or empty), SHA-256 of all before it.
 */
export function encodeTrainingIndex(index: TrainingIndex): Uint8Array {
  const { pictures, dimension, values } = index;
  const rows = pictures.length;
  const named = pictures.some(({ name }) => name !== undefined);
  const names = Buffer.from(named ? JSON.stringify(pictures.map(({ name }) => name ?? '')) : '');
  const header = Buffer.alloc(headerBytes);
  header.write(magic, 'latin1');
  header.writeUInt32LE(rows, 8);
  header.writeUInt32LE(dimension, 12);
  header.writeUInt32LE(names.length, 16);
  const labels = Buffer.alloc(rows * 4);
  for (const [r, { label }] of pictures.entries()) labels.writeUInt32LE(label, r * 4);
  const body = Buffer.concat([
    header,
    floats(index.mean),
    floats(index.deviation),
    labels,
    floats(index.scales),
    ...pictures.map(({ digest }) => Buffer.from(digest, 'hex')),
    new Uint8Array(values.buffer, values.byteOffset, values.length),
    names,
  ]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

function floats(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes;
}

/**
 * @param source names the bytes in errors.
 * @throws WHIPPET_ARTIFACT_MALFORMED when they are cut short, changed or of another kind.
 */
export function decodeTrainingIndex(bytes: Uint8Array, source: string): TrainingIndex {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const problem = indexProblem(buffer);
  if (problem) throw userError('WHIPPET_ARTIFACT_MALFORMED', { path: source, reason: problem });
  const rows = buffer.readUInt32LE(8);
  const dimension = buffer.readUInt32LE(12);
  let at = headerBytes;
  const take = (length: number): Buffer => {
    at += length;
    return buffer.subarray(at - length, at);
  };
  const readFloats = (count: number): Float32Array => {
    const part = take(count * 4);
    return Float32Array.from({ length: count }, (_, i) => part.readFloatLE(i * 4));
  };
  const mean = readFloats(dimension);
  const deviation = readFloats(dimension);
  const labels = take(rows * 4);
  const scales = readFloats(rows);
  const digests = take(rows * digestBytes);
  const part = take(rows * dimension);
  const values = new Int8Array(part.buffer, part.byteOffset, part.length);
  const names = readNames(take(buffer.readUInt32LE(16)), rows, source);
  const pictures = Array.from({ length: rows }, (_, r): IndexedPicture => {
    const name = names?.[r];
    const digest = digests.toString('hex', r * digestBytes, (r + 1) * digestBytes);
    return { ...(name !== undefined && { name }), label: labels.readUInt32LE(r * 4), digest };
  });
  return { dimension, pictures, mean, deviation, scales, values };
}

/** Lengths are checked before anything is allocated by them. */
function indexProblem(buffer: Buffer): string | undefined {
  if (buffer.length < headerBytes + digestBytes || buffer.toString('latin1', 0, 8) !== magic) {
    return 'it is not an index of training pictures';
  }
  const rows = buffer.readUInt32LE(8);
  const dimension = buffer.readUInt32LE(12);
  const expected =
    headerBytes + dimension * 8 + rows * (8 + digestBytes + dimension) + buffer.readUInt32LE(16) + digestBytes;
  if (buffer.length !== expected) return `it has ${buffer.length} bytes instead of ${expected}`;
  const body = buffer.subarray(0, -digestBytes);
  const intact = createHash('sha256').update(body).digest().equals(buffer.subarray(-digestBytes));
  return intact ? undefined : 'its checksum does not match';
}

function readNames(bytes: Buffer, rows: number, source: string): readonly string[] | undefined {
  if (bytes.length === 0) return undefined;
  const parsed: unknown = JSON.parse(bytes.toString('utf8'));
  if (Array.isArray(parsed) && parsed.length === rows && parsed.every((name) => typeof name === 'string'))
    return parsed;
  throw userError('WHIPPET_ARTIFACT_MALFORMED', { path: source, reason: 'its names do not fit its pictures' });
}
