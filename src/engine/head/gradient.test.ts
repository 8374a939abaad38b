import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../random/index.ts';
import { defaultHeadOptions, type HeadOptions } from './hyperparameters.ts';
import { parametersOf } from './parameters.ts';
import { openTrainer, type State } from './trainer.ts';

const rows = 12;
const inputs = 5;
const classes = 3;
const random = seededRandom('gradient');
const features = Float32Array.from({ length: rows * inputs }, () => random.normal());
const labels = Int32Array.from({ length: rows }, () => random.integer(classes));
const classWeights = Float64Array.of(0.5, 1, 2);

type Parameters = Record<string, Float64Array>;

/** The loss as its definition says, in float64: cross-entropy with smoothed targets, class weights and ½·decay·‖W‖². */
function loss(parameters: Parameters, { hidden, label_smoothing, weight_decay }: HeadOptions): number {
  const dense = (x: Float64Array, layer: number): Float64Array => {
    const bias = parameters[`bias${layer}`]!;
    const weight = parameters[`weight${layer}`]!;
    return bias.map((b, c) => x.reduce((sum, one, j) => sum + one * weight[j * bias.length + c]!, b));
  };
  let total = 0;
  for (const [row, label] of labels.entries()) {
    const x = Float64Array.from(features.subarray(row * inputs, (row + 1) * inputs));
    const first = dense(x, 0);
    const z =
      hidden === 0
        ? first
        : dense(
            first.map((unit) => Math.max(unit, 0)),
            1,
          );
    const normaliser = Math.log(z.reduce((sum, one) => sum + Math.exp(one), 0));
    for (let c = 0; c < classes; c++) {
      const target = label_smoothing / classes + (c === label ? 1 - label_smoothing : 0);
      total += (classWeights[label]! * target * (normaliser - z[c]!)) / rows;
    }
  }
  const weights = Object.entries(parameters).filter(([name]) => name.startsWith('weight'));
  for (const [, values] of weights) for (const one of values) total += (weight_decay * one * one) / 2;
  return total;
}

/** One step of plain SGD with learning rate 1 over all rows at once moves by minus the gradient. */
async function gradientOfGraph(start: State, options: HeadOptions): Promise<Parameters> {
  const trainer = await openTrainer({
    shape: { inputs, hidden: options.hidden, classes },
    features: { rows, dimension: inputs, data: features },
    labels,
    classWeights,
    head: options,
    threads: 1,
  });
  try {
    trainer.begin(start, { rows, epochs: 1 });
    await trainer.epoch(Int32Array.from(labels.keys()));
    const end = trainer.parameters();
    return Object.fromEntries(
      Object.entries(start).map(([name, { data }]) => [
        name,
        Float64Array.from(data as Float32Array, (value, i) => value - Number(end[name]!.data[i])),
      ]),
    );
  } finally {
    await trainer.release();
  }
}

for (const hidden of [0, 4]) {
  for (const [label_smoothing, weight_decay] of [
    [0, 0],
    [0.15, 0.3],
  ] as const) {
    test(`gradient with ${hidden} hidden units, smoothing ${label_smoothing}, decay ${weight_decay} is the difference quotient's`, async () => {
      const options: HeadOptions = {
        ...defaultHeadOptions,
        ...{ hidden, label_smoothing, weight_decay, optimizer: 'sgd', momentum: 0, learning_rate: 1, batch_size: rows },
      };
      const start: State = Object.fromEntries(
        parametersOf({ inputs, hidden, classes }).map(({ name, dims }) => [
          name,
          { dims, data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => random.normal() / 2) },
        ]),
      );
      const gradient = await gradientOfGraph(start, options);
      const parameters: Parameters = Object.fromEntries(
        Object.entries(start).map(([name, { data }]) => [name, Float64Array.from(data as Float32Array)]),
      );
      const shift = 1e-5;
      for (const [name, values] of Object.entries(parameters)) {
        for (const [i, value] of values.entries()) {
          values[i] = value + shift;
          const above = loss(parameters, options);
          values[i] = value - shift;
          const below = loss(parameters, options);
          values[i] = value;
          const expected = (above - below) / (2 * shift);
          const error = Math.abs(expected - gradient[name]![i]!);
          assert.ok(error < 1e-6, `${name}[${i}]: ${gradient[name]![i]} is not ${expected}`);
        }
      }
    });
  }
}
