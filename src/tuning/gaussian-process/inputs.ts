/**
 * Points as numbers, [rows × parameters] row-major: a number's place in its range from 0 to 1, a category's index.
 * Categories are equal or not, never near; their distance is 1.
 */
export interface Inputs {
  readonly rows: number;
  readonly data: Float64Array;
  /** By parameter: whether it holds categories. */
  readonly categorical: readonly boolean[];
}

export function inputsOf(rows: readonly ArrayLike<number>[], categorical: readonly boolean[]): Inputs {
  const data = new Float64Array(rows.length * categorical.length);
  for (const [i, row] of rows.entries()) data.set(row, i * categorical.length);
  return { rows: rows.length, data, categorical };
}

/**
 * For each parameter the squared distances of all pairs of rows (i, j < i), at i (i − 1) / 2 + j. They stay while length scales are fitted.
 * A category's distance is that of one-hot codes of length 1/√2: the Hamming distance, so the kernel stays positive definite.
 */
export function squaredDistances({ rows, data, categorical }: Inputs): Float64Array[] {
  const width = categorical.length;
  return categorical.map((isCategory, k) => {
    const squares = new Float64Array((rows * (rows - 1)) / 2);
    let pair = 0;
    for (let i = 1; i < rows; i++) {
      for (let j = 0; j < i; j++) {
        const difference = data[i * width + k]! - data[j * width + k]!;
        squares[pair++] = isCategory ? Number(difference !== 0) : difference * difference;
      }
    }
    return squares;
  });
}
