import { userError } from '../../errors/index.ts';

/**
 * Directions in feature space, kept as bytes: row r is `scales[r] × values[r]`, of length 1. One byte per number changes a cosine by
 * less than 0.005.
 */
export interface QuantisedDirections {
  readonly rows: number;
  readonly dimension: number;
  readonly scales: Float32Array;
  readonly values: Int8Array;
}

export interface Directions {
  readonly rows: number;
  readonly dimension: number;
  /** 1 − the highest cosine between `features` and a direction: 0–2. 1 for features that are all zero. */
  distance(features: Float32Array): number;
}

/** Rows without any direction (all zero) are left out. */
export function quantisedDirections(
  vectors: readonly (Float64Array | Float32Array)[],
  dimension: number,
): QuantisedDirections {
  const kept = vectors.filter((vector) => vector.some((x) => x !== 0));
  const values = new Int8Array(kept.length * dimension);
  const scales = Float32Array.from(kept, (vector, r) =>
    quantiseDirection(vector, values.subarray(r * dimension, (r + 1) * dimension)),
  );
  return { rows: kept.length, dimension, scales, values };
}

/** Writes the vector's direction into `into` and returns the scale that gives it length 1; 0 for a vector that is all zero. */
export function quantiseDirection(vector: Float64Array | Float32Array, into: Int8Array): number {
  let largest = 0;
  for (let d = 0; d < vector.length; d++) if (Math.abs(vector[d]!) > largest) largest = Math.abs(vector[d]!);
  if (largest === 0) return 0;
  let squares = 0;
  for (let d = 0; d < vector.length; d++) {
    const byte = Math.round((vector[d]! / largest) * 127);
    into[d] = byte;
    squares += byte * byte;
  }
  return 1 / Math.sqrt(squares);
}

const magic = 'WHIPDIR1';
const headerBytes = 16;

/** Little-endian: magic, rows and dimension (uint32), scales (float32), values (int8). */
export function encodeDirections({ rows, dimension, scales, values }: QuantisedDirections): Uint8Array {
  const bytes = new Uint8Array(headerBytes + rows * 4 + values.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic));
  view.setUint32(8, rows, true);
  view.setUint32(12, dimension, true);
  for (let r = 0; r < rows; r++) view.setFloat32(headerBytes + r * 4, scales[r]!, true);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.length), headerBytes + rows * 4);
  return bytes;
}

/**
 * @param source names the bytes in errors.
 * @throws WHIPPET_ARTIFACT_MALFORMED
 */
export function decodeDirections(bytes: Uint8Array, source: string): Directions {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = bytes.length >= headerBytes && new TextDecoder().decode(bytes.subarray(0, 8)) === magic;
  const rows = known ? view.getUint32(8, true) : 0;
  const dimension = known ? view.getUint32(12, true) : 0;
  if (rows === 0 || dimension === 0 || bytes.length !== headerBytes + rows * (4 + dimension)) {
    throw userError('WHIPPET_ARTIFACT_MALFORMED', {
      path: source,
      reason: 'it does not hold the directions it should',
    });
  }
  // Multiplied out once: four bytes per number in memory, one on disk.
  const vectors = new Float32Array(rows * dimension);
  const values = new Int8Array(bytes.buffer, bytes.byteOffset + headerBytes + rows * 4, rows * dimension);
  for (let r = 0; r < rows; r++) {
    const scale = view.getFloat32(headerBytes + r * 4, true);
    for (let d = r * dimension; d < (r + 1) * dimension; d++) vectors[d] = values[d]! * scale;
  }
  return { rows, dimension, distance: (features) => 1 - highestCosine(features, vectors, rows) };
}

function highestCosine(features: Float32Array, vectors: Float32Array, rows: number): number {
  const dimension = features.length;
  let squares = 0;
  for (let d = 0; d < dimension; d++) squares += features[d]! * features[d]!;
  if (squares === 0) return 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let r = 0; r < rows; r++) best = Math.max(best, dot(features, vectors, r * dimension));
  return best / Math.sqrt(squares);
}

/** Four running sums let the processor overlap additions: three times as fast as one. */
function dot(a: Float32Array, b: Float32Array, start: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = a.length & ~3;
  for (let d = 0; d < whole; d += 4) {
    s0 += a[d]! * b[start + d]!;
    s1 += a[d + 1]! * b[start + d + 1]!;
    s2 += a[d + 2]! * b[start + d + 2]!;
    s3 += a[d + 3]! * b[start + d + 3]!;
  }
  for (let d = whole; d < a.length; d++) s0 += a[d]! * b[start + d]!;
  return s0 + s1 + s2 + s3;
}
