import { realpath } from 'node:fs/promises';
import type { Dataset, EngineEvent, Groundwork } from '../../engine/index.ts';
import type { ContainerEnvironment } from '../environment.ts';
import type { TrainingRequest } from './request.ts';

/** What the trials of a search have in common, and the events that told of it while it was made. */
export interface Remembered {
  /** As it was read, with the pictures that trials have no use for. */
  readonly dataset: Dataset;
  readonly groundwork: Groundwork;
  readonly events: readonly EngineEvent[];
}

/** Of a process that works on one job after another: it keeps the groundwork of the last. */
export interface Memory {
  recall(key: string): Remembered | undefined;
  keep(key: string, remembered: Remembered): void;
}

export function createMemory(): Memory {
  let last: { readonly key: string; readonly remembered: Remembered } | undefined;
  return {
    recall: (key) => (last?.key === key ? last.remembered : undefined),
    keep(key, remembered) {
      last?.remembered.groundwork.heads.close();
      last = { key, remembered };
    },
  };
}

/**
 * Everything that decides a groundwork: jobs with equal keys differ in their heads only. Channels count by where they really lie, as whoever
 * starts a process for several jobs changes nothing there.
 */
export async function groundworkKey(
  { wish: { head: _, ...wish }, channels }: TrainingRequest,
  { offline }: Pick<ContainerEnvironment, 'offline'>,
): Promise<string> {
  const places = await Promise.all([...channels].map(async ([name, path]) => [name, await realpath(path)]));
  return JSON.stringify([wish, places.sort(), offline]);
}
