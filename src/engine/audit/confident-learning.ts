/** One picture's label as a head that never saw the picture judges it. */
export interface Suspicion {
  readonly row: number;
  /** Probability (0–1) of the label it has. */
  readonly confidence: number;
  /** The most probable other class. */
  readonly suggested: number;
  readonly suggestedConfidence: number;
  /**
   * Whether confident learning counts it as wrong: another class is at least as probable as it is, on average, for the pictures that
   * carry that class's label, and more probable than the given one. Robust to classes the head is less sure of in general.
   */
  readonly suspected: boolean;
}

/** `probabilities` [rows × classes], out of fold. Least confidence first; equal ones by row. */
export function rankByConfidence(
  probabilities: Float64Array,
  labels: Int32Array,
  classes: number,
): readonly Suspicion[] {
  const thresholds = selfConfidence(probabilities, labels, classes);
  const suspicions = Array.from(labels, (label, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    const confidence = own[label]!;
    let suggested = label === 0 ? 1 : 0;
    for (let c = 0; c < classes; c++) if (c !== label && own[c]! > own[suggested]!) suggested = c;
    const suggestedConfidence = own[suggested]!;
    const suspected = suggestedConfidence > confidence && suggestedConfidence >= thresholds[suggested]!;
    return { row, confidence, suggested, suggestedConfidence, suspected };
  });
  return suspicions.sort((a, b) => a.confidence - b.confidence || a.row - b.row);
}

/** Mean probability of a class over the pictures labelled with it; 1 for a class without pictures, which nothing then reaches. */
function selfConfidence(probabilities: Float64Array, labels: Int32Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Int32Array(classes);
  for (const [row, label] of labels.entries()) {
    sums[label]! += probabilities[row * classes + label]!;
    counts[label]!++;
  }
  return sums.map((sum, c) => (counts[c]! > 0 ? sum / counts[c]! : 1));
}
