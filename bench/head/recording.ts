/**
 * What it costs to record: an epoch of a linear head, batch 64, AdamW, one thread, without records, with one of every step, of every
 * tenth, and with tensors kept whole as well. Medians of epochs that take turns.
 *
 *     node bench/head/recording.ts
 */
import { defaultHeadOptions } from '../../src/engine/head/hyperparameters.ts';
import type { HeadRecording } from '../../src/engine/head/recording.ts';
import { initialParameters, openTrainer } from '../../src/engine/head/trainer.ts';
import { seededRandom } from '../../src/random/index.ts';

const onRecord = (): void => {};
const tensorsAt = [{ collections: ['weights', 'biases', 'gradients', 'losses'] as const, every: 50 }];
const kinds: readonly (readonly [string, HeadRecording | undefined])[] = [
  ['nothing', undefined],
  ['every step', { onRecord }],
  ['every tenth step', { stepsEvery: 10, onRecord }],
  ['every step, tensors every 50', { tensorsAt, onRecord }],
];
const rounds = 11;

for (const [rows, inputs, classes] of [
  [672, 1280, 28],
  [4800, 1280, 120],
  [6680, 2048, 133],
] as const) {
  const random = seededRandom('recording');
  const data = Float32Array.from({ length: rows * inputs }, () => random.normal());
  const labels = Int32Array.from({ length: rows }, () => random.integer(classes));
  const shape = { inputs, hidden: 0, classes };
  const problem = { shape, features: { rows, dimension: inputs, data }, labels, head: defaultHeadOptions, threads: 1 };
  const classWeights = new Float64Array(classes).fill(1);
  const trainers = await Promise.all(kinds.map(([, record]) => openTrainer({ ...problem, classWeights, record })));
  for (const trainer of trainers) trainer.begin(initialParameters(shape, 1), { rows, epochs: rounds });
  const order = Int32Array.from(labels.keys());
  const milliseconds: number[][] = kinds.map(() => []);
  for (let round = 0; round < rounds; round++) {
    random.shuffle(order);
    for (const [at, trainer] of trainers.entries()) {
      const start = performance.now();
      await trainer.epoch(order);
      milliseconds[at]!.push(performance.now() - start);
    }
  }
  for (const trainer of trainers) await trainer.release();
  const medians = milliseconds.map((times) => times.toSorted((a, b) => a - b)[times.length >> 1]!);
  console.log(`${rows} × ${inputs} → ${classes}`);
  for (const [at, [name]] of kinds.entries()) {
    const ratio = (medians[at]! / medians[0]!).toFixed(2);
    console.log(`  ${name.padEnd(30)} ${medians[at]!.toFixed(1).padStart(7)} ms  ${ratio}`);
  }
}
