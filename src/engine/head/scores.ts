/** Mean cross-entropy (nats) and share of correct rows of `logits` [rows × classes] ÷ `temperature`, in float64. */
export function scoreLogits(
  logits: Float32Array,
  labels: Int32Array,
  classes: number,
): { readonly loss: number; readonly accuracy: number } {
  let loss = 0;
  let correct = 0;
  for (const [row, label] of labels.entries()) {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    const best = scores.indexOf(Math.max(...scores));
    if (best === label) correct++;
    loss += logSumExp(scores) - scores[label]!;
  }
  return { loss: loss / labels.length, accuracy: correct / labels.length };
}

/** ln Σ exp z without overflow. */
export function logSumExp(values: Float32Array | Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const one of values) if (one > highest) highest = one;
  let total = 0;
  for (const one of values) total += Math.exp(one - highest);
  return highest + Math.log(total);
}
