import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backbone } from '../../src/engine/backbone/backbone.ts';
import { extractFeatures, type Sample } from '../../src/engine/index.ts';
import { encodeModel } from '../../src/engine/onnx/model.ts';
import { bareRate } from './bare.ts';

/** Pictures per second. */
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
  /** Median over the rounds of whole and steady ÷ the mean of the bare rates just before and after. */
  readonly ratio: number;
  readonly steadyRatio: number;
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
  const bareOf = (mode: 'model' | 'decode'): Promise<number> =>
    bareRate({ mode, modelFile, preprocessing, files, milliseconds }, workers);

  const decode = await bareOf('decode');
  const bares = [await bareOf('model')];
  const runs: { whole: number; steady: number; again: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const cacheDirectory = join(directory, `${backbone.digest}-${samples.length}-${round}`);
    runs.push(await runOnce(samples, { ...options, modelFile, cacheDirectory }));
    bares.push(await bareOf('model'));
  }
  const near = (round: number): number => ((bares[round] as number) + (bares[round + 1] as number)) / 2;
  return {
    pictures: samples.length,
    decode,
    bare: median(bares),
    whole: median(runs.map(({ whole }) => whole)),
    steady: median(runs.map(({ steady }) => steady)),
    again: median(runs.map(({ again }) => again)),
    ratio: median(runs.map(({ whole }, round) => whole / near(round))),
    steadyRatio: median(runs.map(({ steady }, round) => steady / near(round))),
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
  const start = performance.now();
  await extractFeatures(samples, options);
  const whole = (samples.length * 1000) / (performance.now() - start);
  const tenth = samples.length / 10;
  const middle = marks.filter(({ done }) => done >= tenth && done <= samples.length - tenth);
  const [first, last] = [middle[0], middle.at(-1)];
  const steady = first && last ? ((last.done - first.done) * 1000) / (last.at - first.at) : Number.NaN;
  const before = performance.now();
  await extractFeatures(samples, options);
  return { whole, steady, again: (performance.now() - before) / 1000 };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
