import { viewGeometry } from '../image/geometry.ts';
import type { Preprocessing } from '../image/picture.ts';
import type { Raster } from '../image/resample.ts';

/** The part of a photo that the backbone sees, in shares of its width and height. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** An activation map: `values` is [rows × columns], row by row, over the region. */
export interface ActivationMap {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** The centre crop of a photo with these original sizes (upright): by the decoder's own arithmetic, so that a map lies where it belongs. */
export function seenRegion(
  preprocessing: Pick<Preprocessing, 'size' | 'resize' | 'interpolation'>,
  photo: { readonly width: number; readonly height: number },
): Region {
  const { axes } = viewGeometry({ kind: 'center' }, photo, { shape: preprocessing, full: photo, digest: '' });
  const { x, y } = axes;
  return { left: x.start / x.size, top: y.start / y.size, width: x.count / x.size, height: y.count / y.size };
}

/** matplotlib's inferno at equal steps (Smith & van der Walt 2015, CC0): equal steps of the map look equal, in grey as well. */
export const inferno: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [31, 12, 72],
  [85, 15, 109],
  [136, 34, 106],
  [186, 54, 85],
  [227, 89, 51],
  [249, 140, 10],
  [249, 201, 50],
  [252, 255, 164],
];

/** How much of the colour covers the photo where the map is highest. */
const strongest = 0.74;
/** What is left of the photo's own colours, which the map's would not stand out from. */
const colourfulness = 0.35;
/** What is left of the light outside of the region, which the model has not seen. */
const unseenLight = 0.32;

/**
 * Draws a map over a photo: RGB of the photo's size. The map is upsampled bilinearly (cells have their value at their centre) and
 * stretched from its lowest to its highest value; low places show the photo,
 * paler. Outside of the region the photo is grey and dim.
 */
export function drawOverlay(photo: Raster, map: ActivationMap, region: Region): Uint8Array {
  const { width, height, data } = photo;
  const result = new Uint8Array(data.length);
  const sample = stretched(map);
  for (let y = 0; y < height; y++) {
    const v = ((y + 0.5) / height - region.top) / region.height;
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const u = ((x + 0.5) / width - region.left) / region.width;
      if (u < 0 || v < 0 || u > 1 || v > 1) paintUnseen(data, result, at);
      else paintSeen(data, result, at, sample(u, v));
    }
  }
  return result;
}

function paintUnseen(data: Uint8Array, result: Uint8Array, at: number): void {
  result.fill(Math.round(unseenLight * greyOf(data, at)), at, at + 3);
}

function greyOf(data: Uint8Array, at: number): number {
  return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
}

function paintSeen(data: Uint8Array, result: Uint8Array, at: number, value: number): void {
  // Smooth at both ends, so that the lowest places are the photo alone.
  const cover = strongest * value * value * (3 - 2 * value);
  const place = value * (inferno.length - 1);
  const step = Math.min(inferno.length - 2, Math.floor(place));
  const grey = greyOf(data, at);
  for (let channel = 0; channel < 3; channel++) {
    const pale = grey + colourfulness * (data[at + channel]! - grey);
    const low = inferno[step]![channel]!;
    const colour = low + (place - step) * (inferno[step + 1]![channel]! - low);
    result[at + channel] = Math.round((1 - cover) * pale + cover * colour);
  }
}

/** The map as a function of the place within the region (0–1 each), with values 0–1. A flat map is 0 everywhere. */
function stretched({ values, rows, columns }: ActivationMap): (u: number, v: number) => number {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const range = high - low || 1;
  return (u, v) => {
    const x = Math.min(columns - 1, Math.max(0, u * columns - 0.5));
    const y = Math.min(rows - 1, Math.max(0, v * rows - 0.5));
    const left = Math.floor(x);
    const top = Math.floor(y);
    const right = Math.min(columns - 1, left + 1);
    const bottom = Math.min(rows - 1, top + 1);
    const value = (row: number, column: number): number => values[row * columns + column]!;
    const upper = value(top, left) + (x - left) * (value(top, right) - value(top, left));
    const lower = value(bottom, left) + (x - left) * (value(bottom, right) - value(bottom, left));
    return (upper + (y - top) * (lower - upper) - low) / range;
  };
}
