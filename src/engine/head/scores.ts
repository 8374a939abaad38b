/** Mean cross-entropy per row, in nats, and the share of correct rows. */
export interface Scores {
  readonly loss: number;
  readonly accuracy: number;
  /** Rows of each class that are given another one. */
  readonly mistakes: readonly number[];
}

/** Of `logits` [rows × classes], summed in float64. */
export function scoreLogits(logits: Float32Array, labels: Int32Array, classes: number): Scores {
  let loss = 0;
  const mistakes = new Array<number>(classes).fill(0);
  for (const [row, label] of labels.entries()) {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    let best = 0;
    for (let c = 1; c < classes; c++) if (scores[c]! > scores[best]!) best = c;
    if (best !== label) mistakes[label]! += 1;
    loss += logSumExp(scores) - scores[label]!;
  }
  const correct = labels.length - mistakes.reduce((sum, one) => sum + one, 0);
  return { loss: loss / labels.length, accuracy: correct / labels.length, mistakes };
}

/** ln Σ exp z without overflow. */
export function logSumExp(values: Float32Array | Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const one of values) if (one > highest) highest = one;
  let total = 0;
  for (const one of values) total += Math.exp(one - highest);
  return highest + Math.log(total);
}
