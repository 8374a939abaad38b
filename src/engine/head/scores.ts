/** Mean cross-entropies per row, in nats, and the share of correct rows. */
export interface Scores {
  readonly loss: number;
  /** Against targets with label smoothing, as in training. */
  readonly smoothedLoss: number;
  readonly accuracy: number;
}

/** Of `logits` [rows × classes], summed in float64. */
export function scoreLogits(
  logits: Float32Array,
  labels: Int32Array,
  { classes, smoothing }: { readonly classes: number; readonly smoothing: number },
): Scores {
  let loss = 0;
  let smoothedLoss = 0;
  let correct = 0;
  for (const [row, label] of labels.entries()) {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    const normaliser = logSumExp(scores);
    const own = scores[label]!;
    let best = 0;
    let total = 0;
    for (let c = 0; c < classes; c++) {
      if (scores[c]! > scores[best]!) best = c;
      total += scores[c]!;
    }
    if (best === label) correct++;
    loss += normaliser - own;
    smoothedLoss += normaliser - (1 - smoothing) * own - (smoothing * total) / classes;
  }
  const rows = labels.length;
  return { loss: loss / rows, smoothedLoss: smoothedLoss / rows, accuracy: correct / rows };
}

/** ln Σ exp z without overflow. */
export function logSumExp(values: Float32Array | Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const one of values) if (one > highest) highest = one;
  let total = 0;
  for (const one of values) total += Math.exp(one - highest);
  return highest + Math.log(total);
}
