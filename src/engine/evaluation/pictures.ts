/** What was wanted and what a model said: `logits` is [n × classes] row-major, `labels[i]` the index of picture i's class. */
export interface Outcomes {
  readonly logits: Float32Array;
  readonly labels: Int32Array;
  readonly classCount: number;
  /** Probabilities are softmax(logits ÷ temperature). */
  readonly temperature: number;
}

/** One number per picture, in the order of the labels. */
export interface PictureScores {
  readonly predicted: Int32Array;
  /** Probability of the predicted class, after temperature. */
  readonly confidence: Float64Array;
  /** Probability of the true class, after temperature. */
  readonly trueProbability: Float64Array;
  /** 0 where the true class comes first; among equal logits the lower index comes first, as in NumPy's argmax. */
  readonly rank: Int32Array;
  /** Cross-entropy in nats after temperature, and of the raw logits. */
  readonly loss: Float64Array;
  readonly rawLoss: Float64Array;
}

/**
 * Scores every picture by itself.
 * @throws RangeError for lengths that do not fit, labels outside of the classes and logits that are not finite: defects of the caller.
 */
export function scorePictures({ logits, labels, classCount, temperature }: Outcomes): PictureScores {
  const count = labels.length;
  if (logits.length !== count * classCount)
    throw new RangeError(`${logits.length} logits are not ${count} pictures × ${classCount} classes`);
  if (!(temperature > 0) || temperature === Number.POSITIVE_INFINITY)
    throw new RangeError(`The temperature ${temperature} is not a positive number`);
  const scores: PictureScores = {
    predicted: new Int32Array(count),
    confidence: new Float64Array(count),
    trueProbability: new Float64Array(count),
    rank: new Int32Array(count),
    loss: new Float64Array(count),
    rawLoss: new Float64Array(count),
  };
  for (let i = 0; i < count; i++) {
    const row = logits.subarray(i * classCount, (i + 1) * classCount);
    const label = labels[i]!;
    if (label < 0 || label >= classCount) throw new RangeError(`Label ${label} of picture ${i} is not a class`);
    scorePicture(row, label, temperature, scores, i);
  }
  return scores;
}

function scorePicture(row: Float32Array, label: number, temperature: number, scores: PictureScores, i: number): void {
  const wanted = row[label]!;
  let best = 0;
  let rank = 0;
  for (let c = 0; c < row.length; c++) {
    const logit = row[c]!;
    if (!Number.isFinite(logit)) throw new RangeError(`Logit ${c} of picture ${i} is ${logit}`);
    if (logit > row[best]!) best = c;
    if (logit > wanted || (logit === wanted && c < label)) rank++;
  }
  const top = row[best]!;
  let sum = 0;
  let rawSum = 0;
  for (const logit of row) {
    sum += Math.exp((logit - top) / temperature);
    rawSum += Math.exp(logit - top);
  }
  const loss = Math.log(sum) + (top - wanted) / temperature;
  scores.predicted[i] = best;
  scores.rank[i] = rank;
  scores.confidence[i] = 1 / sum;
  scores.trueProbability[i] = Math.exp(-loss);
  scores.loss[i] = loss;
  scores.rawLoss[i] = Math.log(rawSum) + (top - wanted);
}

/** Indices of the `count` pictures with the highest loss, worst first; equal losses in order. For the report's gallery. */
export function topLosses(scores: PictureScores, count: number): number[] {
  return [...scores.loss.keys()].sort((a, b) => scores.loss[b]! - scores.loss[a]! || a - b).slice(0, count);
}
