import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { userError } from '../../../errors/index.ts';
import { seededRandom } from '../../../random/index.ts';
import type { Listener } from '../../events.ts';
import { rasteriseSvg } from '../../image/codec.ts';
import { type Split, splits } from '../dataset.ts';
import type { Breed } from './breed.ts';
import { breeds } from './breeds.ts';
import { drawPicture } from './picture.ts';
import { type PicturesPerClass, readStamp, type Stamp, stampName } from './stamp.ts';

/** 12 breeds × 56 = 672 pictures: enough for a head to learn from, few enough to be drawn in seconds. */
export const defaultPicturesPerClass: PicturesPerClass = { train: 40, valid: 8, test: 8 };

export interface SampleOptions {
  /** The same seed draws the same pictures. Default 1. */
  readonly seed?: number;
  readonly picturesPerClass?: PicturesPerClass;
  /** Side of the pictures in pixels. Default 256: twice what the scattering network looks at. */
  readonly size?: number;
  readonly onEvent?: Listener;
  readonly signal?: AbortSignal;
}

export interface DrawnSample {
  /** Absolute path. */
  readonly directory: string;
  readonly classes: readonly string[];
  readonly pictures: number;
  /** SHA-256 over all pictures' names and bytes, hex. */
  readonly digest: string;
  /** The directory held this very sample already, and nothing was drawn. */
  readonly reused: boolean;
}

/** Of the drawings: raised whenever the same seed draws other pictures. */
const edition = 1;
/** Rasterising runs in libuv's threads; four pictures in flight keep them busy. */
const inFlight = 4;

interface Job {
  readonly breed: Breed;
  readonly split: Split;
  readonly index: number;
  /** Below the directory, with forward slashes. */
  readonly name: string;
}

/** Folder of a breed: spaces are a nuisance in shells. */
export function className(breed: Breed): string {
  return breed.name.replaceAll(' ', '_');
}

/**
 * Draws pictures of invented dog breeds into `directory`, as `train|valid|test/<Breed>/<Breed>_00001.jpg`. Poses, backgrounds, light
 * and noise are drawn independently of the breed. The directory appears whole or not at all; one that holds the same sample is reused.
 * @throws WHIPPET_DATASET_SAMPLE_EXISTS when the directory holds anything else, WHIPPET_DATASET_SAMPLE_OPTION, or the signal's reason.
 */
export async function drawSample(directory: string, options: SampleOptions = {}): Promise<DrawnSample> {
  const { seed = 1, picturesPerClass = defaultPicturesPerClass, size = 256 } = options;
  checkOptions({ seed, picturesPerClass, size });
  const target = resolve(directory);
  const wanted = { edition, seed, size, picturesPerClass };
  const jobs = jobsOf(picturesPerClass);
  const result = { directory: target, classes: breeds.map(className), pictures: jobs.length };
  const present = await presentSample(target, wanted, jobs);
  if (present) return { ...result, digest: present.digest, reused: true };

  await mkdir(dirname(target), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    const digest = await drawAll(unfinished, jobs, { ...options, ...wanted });
    const stamp: Stamp = { ...wanted, digest };
    await writeFile(join(unfinished, stampName), `${JSON.stringify(stamp, undefined, 2)}\n`);
    await rename(unfinished, target);
    return { ...result, digest, reused: false };
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

function jobsOf(picturesPerClass: PicturesPerClass): Job[] {
  return splits.flatMap((split) =>
    breeds.flatMap((breed) =>
      Array.from({ length: picturesPerClass[split] }, (_, index) => {
        const folder = className(breed);
        const number = String(index + 1).padStart(5, '0');
        return { breed, split, index, name: `${split}/${folder}/${folder}_${number}.jpg` };
      }),
    ),
  );
}

function checkOptions(given: { seed: number; picturesPerClass: PicturesPerClass; size: number }): void {
  const check = (option: string, value: number, [low, high]: readonly [number, number]): void => {
    if (Number.isInteger(value) && value >= low && value <= high) return;
    throw userError('WHIPPET_DATASET_SAMPLE_OPTION', {
      option,
      received: String(value),
      expected: `a whole number from ${low} to ${high}`,
    });
  };
  check('seed', given.seed, [0, 2 ** 32 - 1]);
  check('size', given.size, [32, 2048]);
  for (const split of splits)
    check(`pictures of ${split}`, given.picturesPerClass[split], [split === 'train' ? 1 : 0, 99_999]);
}

/** The stamp, if the directory holds the wanted sample with all its files; nothing if it is empty or missing. */
async function presentSample(
  target: string,
  wanted: Omit<Stamp, 'digest'>,
  jobs: readonly Job[],
): Promise<Stamp | undefined> {
  const names = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw userError(
      'WHIPPET_DATASET_SAMPLE_EXISTS',
      { directory: target, found: 'something that is no directory' },
      error,
    );
  });
  if (names.length === 0) return undefined;
  const stamp = await readStamp(target);
  if (!stamp) {
    const shown = names.sort().slice(0, 3).join(', ');
    throw userError('WHIPPET_DATASET_SAMPLE_EXISTS', {
      directory: target,
      found: names.length > 3 ? `${shown}, …` : shown,
    });
  }
  const { digest, ...drawn } = stamp;
  if (JSON.stringify(drawn) !== JSON.stringify(wanted)) {
    throw userError('WHIPPET_DATASET_SAMPLE_EXISTS', {
      directory: target,
      found: 'another sample (other seed, size, counts or edition)',
    });
  }
  const files = new Set(await readdir(target, { recursive: true }));
  const missing = jobs.filter(({ name }) => !files.has(join(name)));
  if (missing.length > 0) {
    throw userError('WHIPPET_DATASET_SAMPLE_EXISTS', {
      directory: target,
      found: `this sample without ${missing.length} of its pictures`,
    });
  }
  return { ...drawn, digest };
}

async function drawAll(
  root: string,
  jobs: readonly Job[],
  options: SampleOptions & { seed: number; size: number; picturesPerClass: PicturesPerClass },
): Promise<string> {
  const { seed, size, onEvent, signal } = options;
  for (const split of splits.filter((one) => options.picturesPerClass[one] > 0)) {
    for (const breed of breeds) await mkdir(join(root, split, className(breed)), { recursive: true });
  }
  const digests: string[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < jobs.length; at = next++) {
      signal?.throwIfAborted();
      const { breed, split, index, name } = jobs[at]!;
      const picture = drawPicture(breed, seededRandom(`${seed}/${split}/${breed.name}/${index}`));
      const jpeg = await rasteriseSvg(picture.svg, { width: size, height: size, quality: picture.quality });
      await writeFile(join(root, name), jpeg);
      digests[at] = `${name} ${createHash('sha256').update(jpeg).digest('hex')}\n`;
      done++;
      onEvent?.({ type: 'progress', stage: 'draw', done, total: jobs.length, unit: 'pictures' });
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: inFlight }, work));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return createHash('sha256').update(digests.join('')).digest('hex');
}
