/**
 * Antialiased resizing with Pillow's arithmetic (src/libImaging/Resample.c): the filter is stretched by the scale when shrinking,
 * coefficients are 22-bit fixed point, the horizontal pass rounds to bytes before the vertical one. Networks were trained behind
 * exactly this. libvips shrinks a little faster, but enlarges with another alignment: 6 levels of 255 off on average from 224 to 256.
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** RGB, row by row. */
  readonly data: Uint8Array;
}

export type Interpolation = 'bilinear' | 'bicubic';

/** Along one axis: the part `[from, from + span)` of the source is scaled to `size` pixels, of which `[start, start + count)` are wanted. */
export interface Axis {
  readonly from: number;
  readonly span: number;
  readonly size: number;
  readonly start: number;
  readonly count: number;
}

const filters: Record<Interpolation, { readonly support: number; readonly weight: (x: number) => number }> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys' cubic convolution with a = −0.5.
  bicubic: {
    support: 2,
    weight: (value) => {
      const x = Math.abs(value);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    },
  },
};

const precision = 22;
const half = 1 << (precision - 1);

/** Output pixel i is the sum over t < taps of weights[i × taps + t] × source[starts[i] + t]. Short sums are padded with zero weights. */
interface Taps {
  readonly starts: Int32Array;
  readonly weights: Int32Array;
  readonly taps: number;
}

function tapsOf(axis: Axis, sourceSize: number, interpolation: Interpolation): Taps {
  const { support: unit, weight } = filters[interpolation];
  const scale = axis.span / axis.size;
  const stretch = Math.max(scale, 1);
  const support = unit * stretch;
  const bounds = Array.from({ length: axis.count }, (_, i) => {
    const center = axis.from + (axis.start + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    return { center, first, length: Math.min(sourceSize, Math.trunc(center + support + 0.5)) - first };
  });
  const taps = Math.max(...bounds.map(({ length }) => length));
  const starts = new Int32Array(axis.count);
  const weights = new Int32Array(axis.count * taps);
  const row = new Float64Array(taps);
  for (const [i, { center, first, length }] of bounds.entries()) {
    let sum = 0;
    for (let t = 0; t < length; t++) {
      row[t] = weight((t + first - center + 0.5) * (1 / stretch));
      sum += row[t]!;
    }
    // Padding goes where there is source to read: in front of the last pixels, behind all others.
    starts[i] = Math.min(first, sourceSize - taps);
    for (let t = 0; t < length; t++) {
      const normalised = sum === 0 ? row[t]! : row[t]! / sum;
      const fixed = Math.trunc((normalised < 0 ? -0.5 : 0.5) + normalised * (1 << precision));
      weights[i * taps + first - starts[i]! + t] = fixed;
    }
  }
  return { starts, weights, taps };
}

/**
 * `count` wanted columns of the rows `[firstRow, firstRow + rows)`. A Uint8ClampedArray does the clipping. Column by column, as its
 * weights then stay in registers; up to five taps (enlarging, and shrinking to no less than half) are written out: two to three times
 * as fast.
 */
function horizontal(source: Raster, { starts, weights, taps }: Taps, [firstRow, rows]: readonly [number, number]) {
  const count = starts.length;
  const { data, width } = source;
  const result = new Uint8ClampedArray(rows * count * 3);
  const stride = width * 3;
  for (let x = 0; x < count; x++) {
    const tap = x * taps;
    const k0 = weights[tap]!;
    const k1 = taps > 1 ? weights[tap + 1]! : 0;
    const k2 = taps > 2 ? weights[tap + 2]! : 0;
    const k3 = taps > 3 ? weights[tap + 3]! : 0;
    const k4 = taps > 4 ? weights[tap + 4]! : 0;
    for (let channel = 0; channel < 3; channel++) {
      let at = (firstRow * width + starts[x]!) * 3 + channel;
      let out = x * 3 + channel;
      if (taps === 2) {
        for (let y = 0; y < rows; y++, at += stride, out += count * 3) {
          result[out] = (half + Math.imul(data[at]!, k0) + Math.imul(data[at + 3]!, k1)) >> precision;
        }
      } else if (taps === 3) {
        for (let y = 0; y < rows; y++, at += stride, out += count * 3) {
          const sum = half + Math.imul(data[at]!, k0) + Math.imul(data[at + 3]!, k1) + Math.imul(data[at + 6]!, k2);
          result[out] = sum >> precision;
        }
      } else if (taps === 4 || taps === 5) {
        const fifth = taps === 5 ? 12 : 0;
        for (let y = 0; y < rows; y++, at += stride, out += count * 3) {
          const three = half + Math.imul(data[at]!, k0) + Math.imul(data[at + 3]!, k1) + Math.imul(data[at + 6]!, k2);
          result[out] = (three + Math.imul(data[at + 9]!, k3) + Math.imul(data[at + fifth]!, k4)) >> precision;
        }
      } else {
        for (let y = 0; y < rows; y++, at += stride, out += count * 3) {
          let sum = half;
          for (let t = 0; t < taps; t++) sum = (sum + Math.imul(data[at + t * 3]!, weights[tap + t]!)) | 0;
          result[out] = sum >> precision;
        }
      }
    }
  }
  return result;
}

function vertical(rows: Uint8ClampedArray, stride: number, { starts, weights, taps }: Taps, firstRow: number) {
  const count = starts.length;
  const result = new Uint8ClampedArray(count * stride);
  for (let y = 0; y < count; y++) {
    const tap = y * taps;
    const k0 = weights[tap]!;
    const k1 = taps > 1 ? weights[tap + 1]! : 0;
    const k2 = taps > 2 ? weights[tap + 2]! : 0;
    const k3 = taps > 3 ? weights[tap + 3]! : 0;
    const k4 = taps > 4 ? weights[tap + 4]! : 0;
    let at = (starts[y]! - firstRow) * stride;
    let out = y * stride;
    const end = out + stride;
    if (taps === 2) {
      for (; out < end; out++, at++) {
        result[out] = (half + Math.imul(rows[at]!, k0) + Math.imul(rows[at + stride]!, k1)) >> precision;
      }
    } else if (taps === 3) {
      for (; out < end; out++, at++) {
        const pair = half + Math.imul(rows[at]!, k0) + Math.imul(rows[at + stride]!, k1);
        result[out] = (pair + Math.imul(rows[at + stride * 2]!, k2)) >> precision;
      }
    } else if (taps === 4 || taps === 5) {
      const fifth = taps === 5 ? stride * 4 : 0;
      for (; out < end; out++, at++) {
        const pair = half + Math.imul(rows[at]!, k0) + Math.imul(rows[at + stride]!, k1);
        const four = pair + Math.imul(rows[at + stride * 2]!, k2) + Math.imul(rows[at + stride * 3]!, k3);
        result[out] = (four + Math.imul(rows[at + fifth]!, k4)) >> precision;
      }
    } else {
      for (; out < end; out++, at++) {
        let sum = half;
        for (let t = 0; t < taps; t++) sum = (sum + Math.imul(rows[at + t * stride]!, weights[tap + t]!)) | 0;
        result[out] = sum >> precision;
      }
    }
  }
  return result;
}

/** The wanted pixels: `vertical.count × horizontal.count × 3` bytes. */
export function resample(source: Raster, axes: { x: Axis; y: Axis }, interpolation: Interpolation): Uint8Array {
  const columns = tapsOf(axes.x, source.width, interpolation);
  const lines = tapsOf(axes.y, source.height, interpolation);
  const firstRow = Math.min(...lines.starts);
  const rows = Math.max(...lines.starts) + lines.taps - firstRow;
  const middle = horizontal(source, columns, [firstRow, rows]);
  const result = vertical(middle, axes.x.count * 3, lines, firstRow);
  return new Uint8Array(result.buffer);
}
