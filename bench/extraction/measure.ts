import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Backbone } from '../../src/engine/backbone/backbone.ts';
import { extractFeatures, type Sample } from '../../src/engine/index.ts';
import { encodeModel } from '../../src/engine/onnx/model.ts';
import { bareSpeed } from './bare.ts';
import type { BareSpeed } from './bare-worker.ts';

/** Speeds are pictures per second. */
export interface Measurement {
  readonly pictures: number;
  /** The session alone and decoding alone, `workers` processes side by side. */
  readonly bare: number;
  readonly decode: number;
  /** Extraction as users wait for it: with the start of processes, reading and writing of the cache. */
  readonly whole: number;
  /** Extraction between the first and the last tenth of the pictures. */
  readonly steady: number;
  /** A second run, all from the cache: seconds. */
  readonly again: number;
  /** Medians over the rounds of whole and steady ÷ the mean of the bare speeds just before and after. */
  readonly wholeRatio: number;
  readonly steadyRatio: number;
  /**
   * Processor time of the bare session ÷ that of the whole extraction, all processes: what the ratio is when nothing else wants the
   * processor. NaN where /proc does not tell.
   */
  readonly cpuRatio: number;
  /** Share of decoding in the processor time of decoding and session, each alone. */
  readonly decodeShare: number;
}

export interface MeasureOptions {
  readonly backbone: Backbone;
  readonly directory: string;
  readonly workers: number;
  readonly rounds: number;
  readonly bareMilliseconds: number;
}

export function readSamples(root: string): Sample[] {
  return globSync('*/*/*.jpg', { cwd: root })
    .sort()
    .map((name) => {
      const path = join(root, name);
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      return { path, name, digest, label: 0, split: 'train' };
    });
}

export async function measure(samples: readonly Sample[], options: MeasureOptions): Promise<Measurement> {
  const { backbone, directory, workers, rounds, bareMilliseconds: milliseconds } = options;
  const modelFile = join(directory, `${backbone.digest}.onnx`);
  writeFileSync(modelFile, encodeModel(backbone.model));
  const { preprocessing } = backbone;
  const files = samples.map(({ path }) => path);
  const bareOf = (mode: 'model' | 'decode'): Promise<BareSpeed> =>
    bareSpeed({ mode, modelFile, preprocessing, files, milliseconds }, workers);

  const decode = await bareOf('decode');
  const bares = [await bareOf('model')];
  const runs: Awaited<ReturnType<typeof runOnce>>[] = [];
  for (let round = 0; round < rounds; round++) {
    const cacheDirectory = join(directory, `${backbone.digest}-${samples.length}-${round}`);
    runs.push(await runOnce(samples, { ...options, modelFile, cacheDirectory }));
    bares.push(await bareOf('model'));
  }
  const near = (round: number, what: 'rate' | 'cpu'): number =>
    ((bares[round] as BareSpeed)[what] + (bares[round + 1] as BareSpeed)[what]) / 2;
  const bareCpu = median(bares.map(({ cpu }) => cpu));
  return {
    pictures: samples.length,
    decode: decode.rate,
    bare: median(bares.map(({ rate }) => rate)),
    whole: median(runs.map(({ whole }) => whole)),
    steady: median(runs.map(({ steady }) => steady)),
    again: median(runs.map(({ again }) => again)),
    wholeRatio: median(runs.map(({ whole }, round) => whole / near(round, 'rate'))),
    steadyRatio: median(runs.map(({ steady }, round) => steady / near(round, 'rate'))),
    cpuRatio: median(runs.map(({ cpu }, round) => near(round, 'cpu') / cpu)),
    decodeShare: decode.cpu / (decode.cpu + bareCpu),
  };
}

async function runOnce(
  samples: readonly Sample[],
  { backbone, workers, modelFile, cacheDirectory }: MeasureOptions & { modelFile: string; cacheDirectory: string },
) {
  const marks: { done: number; at: number }[] = [];
  const options = {
    backbone: { ...backbone, modelFile },
    views: [{ kind: 'center' }] as const,
    workers,
    cacheDirectory,
    onEvent: (event: { type: string; done?: number }) => {
      if (event.type === 'progress') marks.push({ done: event.done ?? 0, at: performance.now() });
    },
  };
  const cpuStart = processorTime();
  const start = performance.now();
  await extractFeatures(samples, options);
  const whole = (samples.length * 1000) / (performance.now() - start);
  const tenth = samples.length / 10;
  const middle = marks.filter(({ done }) => done >= tenth && done <= samples.length - tenth);
  const [first, last] = [middle[0], middle.at(-1)];
  const steady = first && last ? ((last.done - first.done) * 1000) / (last.at - first.at) : Number.NaN;
  // The processor time of a child is known once it has been waited for.
  await setTimeout(300);
  const cpu = (processorTime() - cpuStart) / samples.length;
  const before = performance.now();
  await extractFeatures(samples, options);
  return { whole, steady, cpu, again: (performance.now() - before) / 1000 };
}

/** Milliseconds of this process and its ended children: fields 14–17 of /proc/self/stat, in hundredths of a second. */
function processorTime(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ').slice(11, 15) ?? [];
    return fields.reduce((sum, field) => sum + Number(field) * 10, 0);
  } catch {
    return Number.NaN;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
