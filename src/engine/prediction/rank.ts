/** All classes by calibrated probability, the most probable first; equal ones in the order of the labels. */
export function rank(
  logits: Float32Array,
  { labels, temperature }: { labels: readonly string[]; temperature: number },
): { label: string; probability: number }[] {
  const probabilities = softmax(logits, temperature);
  return labels
    .map((label, index) => ({ label, probability: probabilities[index] as number }))
    .sort((a, b) => b.probability - a.probability);
}

/** softmax(logits ÷ temperature), shifted by the maximum so that nothing overflows. */
export function softmax(logits: Float32Array, temperature: number): Float64Array {
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const highest = scaled.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < scaled.length; i++) {
    scaled[i] = Math.exp((scaled[i] as number) - highest);
    sum += scaled[i] as number;
  }
  return scaled.map((one) => one / sum);
}
