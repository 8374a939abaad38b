import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Split } from '../dataset.ts';

export type PicturesPerClass = Readonly<Record<Split, number>>;

/** Written last into a drawn data set: what it was drawn from. */
export interface Stamp {
  /** Changes whenever the same seed draws other pictures. */
  readonly edition: number;
  readonly seed: number;
  readonly size: number;
  readonly picturesPerClass: PicturesPerClass;
  /** SHA-256 over all pictures' names and bytes, hex. */
  readonly digest: string;
}

export const stampName = '.whippet-sample.json';

/** The stamp of a drawn data set, nothing for any other directory. */
export async function readStamp(directory: string): Promise<Stamp | undefined> {
  const text = await readFile(join(directory, stampName), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const stamp: Partial<Stamp> = JSON.parse(text);
    return typeof stamp.edition === 'number' && typeof stamp.digest === 'string' ? (stamp as Stamp) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the directory is a data set that `drawSample` drew: the scattering network suits it, and its results say nothing of photos. */
export async function isDrawnSample(directory: string): Promise<boolean> {
  return (await readStamp(directory)) !== undefined;
}
