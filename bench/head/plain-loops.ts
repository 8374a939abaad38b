/** Linear head, softmax cross-entropy and AdamW as anyone would write them in plain JavaScript: what ONNX Runtime is compared with. */
export interface PlainProblem {
  readonly features: Float32Array;
  readonly labels: Int32Array;
  readonly inputs: number;
  readonly classes: number;
  readonly batch: number;
}

export function plainSteps({ features, labels, inputs, classes, batch }: PlainProblem, steps: number): void {
  const weight = new Float32Array(inputs * classes);
  const gradient = new Float32Array(inputs * classes);
  const first = new Float32Array(inputs * classes);
  const second = new Float32Array(inputs * classes);
  const error = new Float32Array(batch * classes);
  for (let step = 1; step <= steps; step++) {
    error.fill(0);
    gradient.fill(0);
    for (let i = 0; i < batch; i++) {
      const row = (step * batch + i) % labels.length;
      const z = error.subarray(i * classes, (i + 1) * classes);
      for (let j = 0; j < inputs; j++) {
        const x = features[row * inputs + j]!;
        for (let c = 0; c < classes; c++) z[c]! += x * weight[j * classes + c]!;
      }
      softmaxError(z, labels[row]!, batch);
      for (let j = 0; j < inputs; j++) {
        const x = features[row * inputs + j]!;
        for (let c = 0; c < classes; c++) gradient[j * classes + c]! += x * z[c]!;
      }
    }
    const correction = Math.sqrt(1 - 0.999 ** step) / (1 - 0.9 ** step);
    for (let at = 0; at < weight.length; at++) {
      const g = gradient[at]!;
      first[at] = 0.9 * first[at]! + 0.1 * g;
      second[at] = 0.999 * second[at]! + 0.001 * g * g;
      weight[at] = 0.999 * weight[at]! - (0.001 * correction * first[at]!) / (Math.sqrt(second[at]!) + 1e-8);
    }
  }
}

/** z becomes (softmax z − one-hot) ÷ batch. */
function softmaxError(z: Float32Array, label: number, batch: number): void {
  const highest = z.reduce((a, b) => Math.max(a, b));
  let mass = 0;
  for (let c = 0; c < z.length; c++) {
    z[c] = Math.exp(z[c]! - highest);
    mass += z[c]!;
  }
  for (let c = 0; c < z.length; c++) z[c] = (z[c]! / mass - (c === label ? 1 : 0)) / batch;
}
