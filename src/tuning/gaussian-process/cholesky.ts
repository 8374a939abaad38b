/** Lower triangular L with L Lᵀ = A, row-major [size × size]; what is above the diagonal is 0. */
export interface Cholesky {
  readonly size: number;
  readonly lower: Float64Array;
}

/** Added to the diagonal, relative to its mean, one after the other until rounding no longer makes the matrix indefinite. */
const jitters = [0, 1e-10, 1e-8, 1e-6, 1e-4];

/**
 * Of a symmetric positive (semi)definite matrix, whose lower triangle is read.
 * @throws RangeError where even jitter does not make it positive definite, as with NaN.
 */
export function cholesky(matrix: Float64Array, size: number): Cholesky {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i]!;
  for (const jitter of jitters) {
    const lower = factor(matrix, size, (jitter * trace) / size);
    if (lower) return { size, lower };
  }
  throw new RangeError('the matrix is not positive definite');
}

/** Cholesky–Banachiewicz, row by row; undefined at a pivot that is not positive. */
function factor(matrix: Float64Array, size: number, jitter: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]! + (i === j ? jitter : 0);
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!;
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j]!;
      else if (sum > 0) lower[i * size + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return lower;
}

/** x of L x = b. */
export function solveLower({ size, lower }: Cholesky, b: Float64Array): Float64Array {
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * x[k]!;
    x[i] = sum / lower[i * size + i]!;
  }
  return x;
}

/** x of Lᵀ x = b. */
export function solveUpper({ size, lower }: Cholesky, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = size - 1; i >= 0; i--) {
    x[i] = x[i]! / lower[i * size + i]!;
    for (let k = 0; k < i; k++) x[k] = x[k]! - lower[i * size + k]! * x[i]!;
  }
  return x;
}

/** Log of the determinant of L Lᵀ. */
export function logDeterminant({ size, lower }: Cholesky): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.log(lower[i * size + i]!);
  return 2 * sum;
}

/** The lower triangle of (L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹. */
export function invert({ size, lower }: Cholesky): Float64Array {
  // Row j of `columns` is column j of L⁻¹, so that every inner loop walks through memory in order.
  const columns = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const at = j * size;
    columns[at + j] = 1 / lower[at + j]!;
    for (let i = j + 1; i < size; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= lower[i * size + k]! * columns[at + k]!;
      columns[at + i] = sum / lower[i * size + i]!;
    }
  }
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < size; k++) sum += columns[i * size + k]! * columns[j * size + k]!;
      inverse[i * size + j] = sum;
    }
  }
  return inverse;
}
