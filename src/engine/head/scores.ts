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
    const start = row * classes;
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[start + c]! > logits[start + best]!) best = c;
    if (best !== label) mistakes[label]! += 1;
    loss += logSumExp(logits, { start, count: classes }) - logits[start + label]!;
  }
  const correct = labels.length - mistakes.reduce((sum, one) => sum + one, 0);
  return { loss: loss / labels.length, accuracy: correct / labels.length, mistakes };
}

/** ln Σ exp (z ÷ temperature) over `count` values from `start` on, without overflow. Per picture and epoch: so nothing is allocated. */
export function logSumExp(
  values: Float32Array | Float64Array,
  { start, count, temperature = 1 }: { readonly start: number; readonly count: number; readonly temperature?: number },
): number {
  const end = start + count;
  let highest = Number.NEGATIVE_INFINITY;
  for (let at = start; at < end; at++) if (values[at]! > highest) highest = values[at]!;
  highest /= temperature;
  let total = 0;
  for (let at = start; at < end; at++) total += Math.exp(values[at]! / temperature - highest);
  return highest + Math.log(total);
}
