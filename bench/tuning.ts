/**
 * A search of 64 trials with early stopping on the cached features of the 120-breed set, two at a time, beside the same epochs trained
 * on one thread without a search, and what a suggestion costs after many trials. Processor time is printed as well, as wall time means
 * little on a busy machine.
 *
 *   node bench/tuning.ts
 *
 * Photos and weights are read from ../shared/data. Features come from $WHIPPET_CACHE where it is set, else they are extracted first.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { objectives, searchTrials, type TunedTrial, type TuningPlan } from '../src/cli/run/tune-search.ts';
import { readDataset } from '../src/engine/dataset/read.ts';
import { parseHyperparameters } from '../src/engine/head/hyperparameters.ts';
import type { HeadData } from '../src/engine/head/preparation.ts';
import { trainHead } from '../src/engine/head/training.ts';
import { chooseBackbone } from '../src/engine/training/backbone-choice.ts';
import { gatherFeatures } from '../src/engine/training/gather.ts';
import type { TrainOptions } from '../src/engine/training/options.ts';
import { rowsOf } from '../src/engine/training/rows.ts';
import { openTrials } from '../src/engine/training/trials.ts';
import { createSearch, type Trial } from '../src/tuning/index.ts';

const data = fileURLToPath(new URL('../../shared/data', import.meta.url));
const photos = join(data, 'dogs');
const backbone = join(data, 'weights', 'mobilenet_v2_1.0_224-imagenet1k-deq-tf2ptq.onnx');

const plan: TuningPlan = {
  strategy: 'bayesian',
  ranges: [
    { kind: 'continuous', name: 'learning_rate', minimum: 0.001, maximum: 0.1, scaling: 'Logarithmic' },
    { kind: 'categorical', name: 'batch_size', values: ['32', '64', '128', '256'] },
  ],
  objective: objectives[0]!,
  ...{ trials: 64, parallel: 2, earlyStopping: true, seed: 0, fixed: {} },
};

interface Cost {
  readonly wall: number;
  /** Of all threads, in seconds. */
  readonly processor: number;
}

await run();

async function run(): Promise<void> {
  printSuggestions();
  if (!existsSync(photos) || !existsSync(backbone)) {
    process.stdout.write(`tuning: trials skipped, as ${photos} or ${backbone} is not there.\n`);
    return;
  }
  const home = await mkdtemp(join(tmpdir(), 'whippet-bench-'));
  try {
    await compare(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function compare(home: string): Promise<void> {
  const options: TrainOptions = {
    ...{ out: join(home, 'model'), workers: availableParallelism(), seed: 0, hyperparameters: {}, audit: false },
    ...{ cacheDirectory: process.env.WHIPPET_CACHE ?? join(home, 'cache'), backbone: { spec: `onnx:${backbone}` } },
  };
  await openTrials(photos, options);
  const opening = await measured(() => openTrials(photos, options));
  const { signal } = new AbortController();
  const now = (): number => performance.now();
  const search = await measured(() => searchTrials(opening.result, plan, { now, signal, onChange: () => {} }));
  const heads = await headData(options);
  const bare = await measured(() => trainAgain(heads, search.result));
  const epochs = search.result.reduce((sum, trial) => sum + trial.epochs.length, 0);
  const busy = search.result.reduce((sum, { seconds }) => sum + seconds, 0) / (plan.parallel * search.cost.wall);
  const stopped = search.result.filter(({ run: trial }) => trial?.stopped === 'tuning').length;
  process.stdout.write(
    `tuning: 64 trials on the features of 6,240 photos (mobilenet_v2), 2 at a time; ${epochs} epochs, ${stopped} trials stopped early\n` +
      `  features from the cache          ${inWords(opening.cost)}\n` +
      `  64 trials                        ${inWords(search.cost)}   (target 60 s on an idle machine)\n` +
      `  share of the time that both places were taken  ${busy.toFixed(2)}\n` +
      `  the same epochs, bare            ${inWords(bare.cost)}\n` +
      `  processor time ÷ bare            ${(search.cost.processor / bare.cost.processor).toFixed(2)}\n`,
  );
}

async function headData(options: TrainOptions): Promise<HeadData> {
  const dataset = await readDataset(photos, {});
  const chosen = await chooseBackbone(dataset, options);
  const trainViews = [{ kind: 'center' }] as const;
  const gathered = await gatherFeatures(dataset, { backbone: chosen, trainViews, work: options });
  const [train, valid] = [rowsOf(gathered.train, 'train'), rowsOf(gathered.held, 'valid')];
  return {
    ...{ train: train.features, trainLabels: train.labels },
    ...{ valid: valid.features, validLabels: valid.labels, classes: dataset.classes.length },
  };
}

/** Each trial's epochs, one trial after the other, on this thread. */
async function trainAgain(heads: HeadData, trials: readonly TunedTrial[]): Promise<void> {
  for (const { text, epochs } of trials) {
    const stop = new AbortController();
    await trainHead(heads, {
      ...{ ...parseHyperparameters(text), seed: 0, threads: 1, stop: stop.signal },
      onEpoch: ({ epoch }) => {
        if (epoch === epochs.length) stop.abort('tuning');
      },
    });
  }
}

/** How long a suggestion takes after many trials, nine of them running: it holds up the server's thread. */
function printSuggestions(): void {
  const { ranges, seed } = plan;
  for (const count of [10, 50, 200, 740]) {
    const random = createSearch({ strategy: 'random', ranges, objective: 'maximize', seed });
    const history: Trial[] = [];
    while (history.length < count + 9) {
      const { point } = random.suggest(history)!;
      const value = -Math.abs(Math.log10(Number(point.learning_rate)) + 2);
      history.push(history.length < count ? { point, state: 'finished', value } : { point, state: 'running' });
    }
    const search = createSearch({ strategy: 'bayesian', ranges, objective: 'maximize', seed });
    const times = Array.from({ length: 5 }, () => timed(() => search.suggest(history))).sort((a, b) => a - b);
    process.stdout.write(`tuning: a suggestion after ${count} trials takes ${times[2]?.toFixed(0)} ms (median of 5)\n`);
  }
}

function timed(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

async function measured<T>(work: () => Promise<T>): Promise<{ result: T; cost: Cost }> {
  const started = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, cost: { wall: (performance.now() - started) / 1000, processor: (user + system) / 1e6 } };
}

function inWords({ wall, processor }: Cost): string {
  return `${wall.toFixed(1)} s wall, ${processor.toFixed(1)} s of processor`;
}
