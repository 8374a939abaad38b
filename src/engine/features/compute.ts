import { entryFile } from '../../entry/index.ts';
import type { Sample } from '../dataset/dataset.ts';
import type { View } from '../image/picture.ts';
import type { FeatureCache, PictureRecord } from './cache/feature-cache.ts';
import type { ExtractionBackbone } from './features.ts';
import type { Picture, Plan } from './plan.ts';
import { runTasks } from './pool.ts';
import type { Outcome, Task, WorkerSetup } from './protocol.ts';
import type { Refusals } from './refusals.ts';

/** Batch 8 is as fast per picture as 32 and needs half the memory (measured with ResNet-50). */
const batch = 8;

export interface ComputeOptions {
  readonly backbone: ExtractionBackbone;
  readonly views: readonly View[];
  readonly workers: number;
  readonly workerFile: URL;
  readonly cache: FeatureCache;
  readonly refusals: Refusals;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of samples that are done. */
  readonly onDone: (samples: number) => void;
}

/** A task and what it was made from: another file with the same bytes is tried where one cannot be read. */
interface Assignment {
  readonly picture: Picture;
  readonly sample: number;
}

/**
 * Computes the missing views of the plan's pictures into its rows, facts and cache. Returns how many (picture, view) pairs it computed.
 */
export async function computeMissing(samples: readonly Sample[], plan: Plan, options: ComputeOptions): Promise<number> {
  const { backbone, views, cache, refusals } = options;
  const { dimension } = backbone;
  const assignments = new Map<Task, Assignment>();
  let computed = 0;

  const assign = (picture: Picture, sample: number): Task => {
    const { path, name, digest } = samples[sample] as Sample;
    const task = { path, name, digest, views: picture.missing.map((view) => views[view] as View) };
    assignments.set(task, { picture, sample });
    return task;
  };

  /** Fills in the rows; returns another task if another file has to be tried. */
  const settle = (task: Task, outcome: Outcome, rows: readonly Float32Array[]): Task | undefined => {
    const { picture, sample } = assignments.get(task) as Assignment;
    assignments.delete(task);
    if ('facts' in outcome) {
      const first = picture.samples[0] as number;
      rows.forEach((row, at) => {
        plan.data.set(row, (first * views.length + (picture.missing[at] as number)) * dimension);
      });
      computed += rows.length;
      picture.facts = outcome.facts;
      options.onDone(picture.samples.filter((each) => !refusals.has(each)).length);
      return undefined;
    }
    const refused = outcome.holds === 'file' ? [sample] : picture.samples.filter((each) => !refusals.has(each));
    for (const each of refused) refusals.add(each, outcome.refused);
    options.onDone(refused.length);
    const other = picture.samples.find((each) => !refusals.has(each));
    return other === undefined ? undefined : assign(picture, other);
  };

  const tasks = plan.pictures
    .filter(({ missing }) => missing.length > 0)
    .map((picture) => assign(picture, picture.samples[0] as number));
  if (tasks.length === 0) return 0;
  await runTasks(
    tasks,
    {
      workers: options.workers,
      workerFile: options.workerFile,
      setup: await workerSetup(backbone),
      signal: options.signal,
    },
    (unit, outcomes, features) => {
      const rows = splitRows(unit, features, dimension);
      remember(cache, unit, outcomes, rows);
      return unit.flatMap((task, at) => settle(task, outcomes[at] as Outcome, rows[at] ?? []) ?? []);
    },
  );
  return computed;
}

/** The module that worker processes run. */
export function extractionWorker(): URL {
  return entryFile(import.meta.url, 'extraction-worker');
}

/** What workers need to know of a backbone; its model is written now, where it was not before. */
export async function workerSetup({ modelFile, dimension, preprocessing }: ExtractionBackbone): Promise<WorkerSetup> {
  const file = typeof modelFile === 'string' ? modelFile : await modelFile();
  return { modelFile: file, dimension, preprocessing, batch };
}

/** Per task the rows of its views. */
function splitRows(unit: readonly Task[], features: Float32Array, dimension: number): Float32Array[][] {
  let row = 0;
  return unit.map(({ views }) =>
    views.map(() => {
      const start = dimension * row++;
      return features.subarray(start, start + dimension);
    }),
  );
}

/** Into the cache before anything else happens, so that strictness, a crash or Ctrl-C lose no work. */
function remember(
  cache: FeatureCache,
  unit: readonly Task[],
  outcomes: readonly Outcome[],
  rows: readonly (readonly Float32Array[])[],
): void {
  const pictures = new Map<string, PictureRecord>();
  const features: { digest: string; view: View; row: Float32Array }[] = [];
  unit.forEach(({ digest, views }, at) => {
    const outcome = outcomes[at] as Outcome;
    if ('facts' in outcome) {
      pictures.set(digest, { facts: outcome.facts });
      views.forEach((view, row) => {
        features.push({ digest, view, row: rows[at]?.[row] as Float32Array });
      });
    } else if (outcome.holds === 'ever') pictures.set(digest, { refusal: outcome.refused });
  });
  cache.saveFeatures(features);
  cache.savePictures(pictures);
}
