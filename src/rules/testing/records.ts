import type { EpochSummary, StepRecord, SystemSample, TensorSummary, TimingRecord } from '../records.ts';

/** Records with ordinary values; tests change what they are about. */
export const summary = (over: Partial<TensorSummary> = {}): TensorSummary => ({
  ...{ elements: 100, mean: 0, absoluteMean: 0.01, variance: 1e-4, minimum: -0.05, maximum: 0.05 },
  ...{ nan: 0, infinite: 0, inactive: 0.5 },
  ...over,
});

export const step = (number: number, over: Partial<StepRecord> = {}): StepRecord => ({
  ...{ kind: 'step', step: number, epoch: 1, loss: 2 / (number + 1), learningRate: 0.002, gradientNorm: 1 },
  ...{ gradients: { weight0: summary() }, weights: { weight0: summary(), bias0: summary() } },
  activations: { logits: summary() },
  ...over,
});

export const epoch = (number: number, over: Partial<EpochSummary> = {}): EpochSummary => ({
  ...{ kind: 'epoch', epoch: number, step: number * 10 - 1, trainLoss: 1 / number, validLoss: 1 / number },
  ...{ validAccuracy: 0.9, validPictures: [50, 50], validMistakes: [5, 5] },
  ...over,
});

export const sample = (second: number, over: Partial<SystemSample> = {}): SystemSample => ({
  ...{ kind: 'system', time: 1_700_000_000 + second, host: 'algo-1', cpu: [50, 50], ownCpu: 40, ioWait: 0 },
  ...{ memory: { used: 1e9, total: 8e9 }, disk: { read: 0, written: 0 }, network: { received: 0, sent: 0 }, gpu: [] },
  ...over,
});

export const timing = (number: number, seconds: number, over: Partial<TimingRecord> = {}): TimingRecord => ({
  ...{ kind: 'timing', host: 'algo-1', epoch: number, step: number * 10 - 1, steps: 10 },
  ...{ start: 1_700_000_000 + number, seconds },
  ...over,
});
