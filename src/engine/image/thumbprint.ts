import type { Raster } from './resample.ts';

/** Side of the grey thumbnail, and of the block of low frequencies kept: 64 bits. */
const side = 32;
const kept = 8;

/** The first rows of the DCT-II matrix: cos((2x + 1)uπ / 64). */
const basis = Float64Array.from({ length: kept * side }, (_, i) =>
  Math.cos(((2 * (i % side) + 1) * Math.floor(i / side) * Math.PI) / (2 * side)),
);

/** Mean luma (ITU-R BT.601) of a 32×32 grid of cells; of a large cell no more than 4×4 pixels are asked. */
function greyThumbnail({ width, height, data }: Raster): Float64Array {
  const grey = new Float64Array(side * side);
  for (let row = 0; row < side; row++) {
    const top = Math.floor((row * height) / side);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / side));
    const down = Math.ceil((bottom - top) / 4);
    for (let column = 0; column < side; column++) {
      const left = Math.floor((column * width) / side);
      const right = Math.max(left + 1, Math.floor(((column + 1) * width) / side));
      const across = Math.ceil((right - left) / 4);
      let sum = 0;
      let count = 0;
      for (let y = top; y < bottom; y += down) {
        for (let x = left; x < right; x += across) {
          const at = (y * width + x) * 3;
          sum += 299 * data[at]! + 587 * data[at + 1]! + 114 * data[at + 2]!;
          count++;
        }
      }
      grey[row * side + column] = sum / (1000 * count);
    }
  }
  return grey;
}

/**
 * Perceptual hash: which of the lowest frequencies lie above their median (Zauner, "Implementation and Benchmarking of Perceptual
 * Image Hash Functions", 2010, §3.2.1). The block starts at frequency 0 instead of 1, as flat stripes would vanish otherwise; the
 * constant term, which says only how bright a picture is, counts as 0. Scaling, recompression and changes of tone flip few bits.
 * @returns 16 hex digits; a picture of one colour gives zeros.
 */
export function thumbprintOf(picture: Raster): string {
  const grey = greyThumbnail(picture);
  const partial = new Float64Array(side * kept);
  for (let y = 0; y < side; y++) {
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += grey[y * side + x]! * basis[u * side + x]!;
      partial[y * kept + u] = sum;
    }
  }
  const coefficients = new Float64Array(kept * kept);
  for (let v = 0; v < kept; v++) {
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let y = 0; y < side; y++) sum += partial[y * kept + u]! * basis[v * side + y]!;
      // Rounded, so that what is zero on paper is zero: otherwise a plain picture's bits are rounding noise.
      coefficients[v * kept + u] = Math.round(sum * 1000);
    }
  }
  coefficients[0] = 0;
  const sorted = coefficients.slice().sort();
  const median = (sorted[31]! + sorted[32]!) / 2;
  let hex = '';
  for (let i = 0; i < 64; i += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit++) digit = digit * 2 + (coefficients[i + bit]! > median ? 1 : 0);
    hex += digit.toString(16);
  }
  return hex;
}
