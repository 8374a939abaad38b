/**
 * One epoch of a linear head, 6,680 × 2048 → 133, batch 64, AdamW, one thread each: Whippet, the bare matrix products in ONNX Runtime,
 * PyTorch, plain JavaScript loops.
 *
 *     node bench/head/run.ts [PYTHON]
 *
 * CPU time and not wall time, so that other work on the machine blurs the ratios less; on an idle machine they are the same.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defaultHeadOptions } from '../../src/engine/head/hyperparameters.ts';
import { initialParameters, openTrainer } from '../../src/engine/head/trainer.ts';
import { seededRandom } from '../../src/random/index.ts';
import { openProducts } from './bare-products.ts';
import { plainSteps } from './plain-loops.ts';

const rows = 6680;
const inputs = 2048;
const classes = 133;
const batch = 64;
const rounds = 9;
const steps = Math.ceil(rows / batch);
const python = process.argv[2] ?? process.env.PYTHON;

const random = seededRandom(1);
const features = { rows, dimension: inputs, data: Float32Array.from({ length: rows * inputs }, () => random.normal()) };
const labels = Int32Array.from({ length: rows }, () => random.integer(classes));
const order = Int32Array.from(labels.keys());

async function cpuSeconds(work: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

function torchSeconds(kind: 'plain' | 'fused', interpreter: string): number[] {
  const script = fileURLToPath(new URL('torch-epoch.py', import.meta.url));
  const sizes = [rows, inputs, classes, batch, 3, kind, 1].map(String);
  const output = execFileSync(interpreter, [script, ...sizes], { encoding: 'utf8' });
  return output.trim().split('\n').slice(1).map(Number);
}

const shape = { inputs, hidden: 0, classes };
const classWeights = new Float64Array(classes).fill(1);
const trainer = await openTrainer({ shape, features, labels, classWeights, head: defaultHeadOptions, threads: 1 });
const products = await openProducts({ inputs, classes, batch, steps });
trainer.begin(initialParameters(shape, 1), { rows, epochs: rounds + 1 });
await trainer.epoch(order);
await products.run();

const whippet: number[] = [];
const bare: number[] = [];
const torch: number[] = [];
const fused: number[] = [];
let missing = python ? '' : 'no Python given';
for (let round = 0; round < rounds; round++) {
  // In turns, so that what else the machine does falls on all alike.
  random.shuffle(order);
  whippet.push(await cpuSeconds(() => trainer.epoch(order)));
  bare.push(await cpuSeconds(() => products.run()));
  if (!python || missing) continue;
  try {
    torch.push(...torchSeconds('plain', python));
    fused.push(...torchSeconds('fused', python));
  } catch (error) {
    missing = (error as Error).message.split('\n')[0]!;
  }
}
const sample = 5;
const plain =
  (await cpuSeconds(() => plainSteps({ features: features.data, labels, inputs, classes, batch }, sample))) / sample;
await trainer.release();
await products.release();

const own = median(whippet);
const lines: (readonly [string, number | undefined])[] = [
  ['whippet', own],
  ['bare matrix products', median(bare)],
  ['PyTorch AdamW', torch.length ? median(torch) : undefined],
  ['PyTorch AdamW, fused', fused.length ? median(fused) : undefined],
  [`plain JavaScript (${sample} steps, extrapolated)`, plain * steps],
];
console.log(`One epoch, ${rows} × ${inputs} → ${classes}, batch ${batch}, one thread, median CPU time:`);
for (const [name, seconds] of lines) {
  const figures = seconds
    ? `${(seconds * 1000).toFixed(0).padStart(7)} ms   whippet ÷ it = ${(own / seconds).toFixed(3)}`
    : `skipped: ${missing}`;
  console.log(`  ${name.padEnd(45)} ${figures}`);
}
