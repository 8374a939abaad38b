import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultHeadOptions, type HeadOptions } from '../../../src/engine/head/hyperparameters.ts';
import { openTrainer, type State } from '../../../src/engine/head/trainer.ts';

interface Case extends HeadOptions {
  readonly name: string;
  readonly weighted: boolean;
  readonly start: Readonly<Record<string, readonly number[]>>;
  readonly final: Readonly<Record<string, readonly number[]>>;
  readonly losses: readonly number[];
  readonly norms: readonly number[];
}

interface Reference {
  readonly problem: {
    readonly rows: number;
    readonly inputs: number;
    readonly classes: number;
    readonly batch_size: number;
    readonly features: readonly number[];
    readonly labels: readonly number[];
    readonly classWeights: readonly number[];
    readonly orders: readonly (readonly number[])[];
  };
  readonly cases: readonly Case[];
}

const { problem, cases } = JSON.parse(readFileSync(new URL('training.json', import.meta.url), 'utf8')) as Reference;
const { rows, inputs, classes } = problem;

// A weight of a real size is cut into parts that fit a cache; 7 parts of a 7-row weight are the extreme of that.
for (const [reference, parts] of cases.flatMap((one) => [[one, 1] as const, [one, inputs] as const])) {
  test(`${reference.name}, ${parts} parts: the same losses, norms and parameters as PyTorch in float64`, async () => {
    const { name: _name, weighted, start, final, losses, norms, ...hyperparameters } = reference;
    const head: HeadOptions = { ...defaultHeadOptions, ...hyperparameters, batch_size: problem.batch_size };
    const trainer = await openTrainer({
      shape: { inputs, hidden: head.hidden, classes },
      features: { rows, dimension: inputs, data: Float32Array.from(problem.features) },
      labels: Int32Array.from(problem.labels),
      classWeights: weighted ? Float64Array.from(problem.classWeights) : new Float64Array(classes).fill(1),
      head,
      threads: 1,
      parts,
    });
    try {
      trainer.begin(tensors(start), { rows, epochs: problem.orders.length });
      for (const [i, order] of problem.orders.entries()) {
        const { loss, norm } = await trainer.epoch(Int32Array.from(order));
        near(loss, losses[i]!, `loss of epoch ${i + 1}`);
        near(norm, norms[i]!, `norm of epoch ${i + 1}`);
      }
      const parameters = trainer.parameters();
      for (const [name, expected] of Object.entries(final))
        distance(parameters[name]!.data as Float32Array, expected, name);
    } finally {
      await trainer.release();
    }
  });
}

function tensors(values: Readonly<Record<string, readonly number[]>>): State {
  return Object.fromEntries(
    Object.entries(values).map(([name, numbers]) => {
      const outputs = values[name.replace('weight', 'bias')]!.length;
      const dims = name.startsWith('bias') ? [outputs] : [numbers.length / outputs, outputs];
      return [name, { dims, data: Float32Array.from(numbers) }];
    }),
  );
}

/** float32 against float64 over 16 steps: relative error up to 2e-6. */
const tolerance = 2e-6;

function near(actual: number, expected: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.abs(expected);
  assert.ok(error < tolerance, `${what}: ${actual} is not ${expected} (relative error ${error})`);
}

function distance(actual: Float32Array, expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length);
  const error = Math.hypot(...expected.map((value, i) => value - actual[i]!)) / Math.hypot(...expected);
  assert.ok(error < tolerance, `${what}: relative error ${error}`);
}
