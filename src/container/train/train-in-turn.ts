import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerEnvironment, readContainerEnvironment } from '../environment.ts';
import { openEventStream } from '../event-stream.ts';
import { isObject } from './config-file.ts';
import type { ContainerTraining } from './container-training.ts';
import { createMemory } from './memory.ts';
import { runTrainingJob } from './train-in-container.ts';

/** What whoever started the process asks of it, a JSON line each. */
export type Order =
  /** The job at work is to stop, as by SIGTERM. */
  | { readonly type: 'stop' }
  /** The job at work has ended, and what it left has been taken: here is the next. */
  | NextJob;

export interface NextJob {
  readonly type: 'train';
  /** Absolute; the process makes it, in a folder of its own. */
  readonly root: string;
  /** Absolute path of what becomes `input` in it. */
  readonly input: string;
  /** All variables of the environment that the job has instead of the process's own. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * One training job after another, for a search whose trials would each read the same pictures and start a process for it: the first as
 * `trainInContainer` does, further ones as they are ordered. Each tells `ended` with its exit code. Ends with the orders or the signal.
 * @returns the exit code of the last job
 */
export async function trainInTurn(first: ContainerTraining, lines: AsyncIterable<string>): Promise<number> {
  const events = openEventStream(first.environment.eventsFd);
  const memory = createMemory();
  let stopping = new AbortController();
  const begin = async (job: ContainerTraining): Promise<number> => {
    stopping = new AbortController();
    const signal = AbortSignal.any([job.signal, stopping.signal]);
    const code = await runTrainingJob({ ...job, signal }, { tell: events.tell, memory });
    events.tell({ type: 'ended', code });
    return code;
  };
  try {
    let root = first.root;
    let work = begin(first);
    for await (const line of lines) {
      const order = readOrder(line);
      if (order === undefined) first.logError(`This order cannot be read and is passed over: ${line.slice(0, 200)}`);
      else if (order.type === 'stop') stopping.abort();
      else {
        await work;
        await rm(root, { recursive: true, force: true });
        root = order.root;
        await layTree(order);
        work = begin({ ...first, root, environment: environmentOf(order, first.environment) });
      }
    }
    return await work;
  } finally {
    await events.close();
  }
}

/** Whoever gives orders sees the folder of inputs from outside, where no process can change it. */
async function layTree({ root, input }: NextJob): Promise<void> {
  for (const name of ['model', 'output/data']) await mkdir(join(root, name), { recursive: true, mode: 0o700 });
  await symlink(input, join(root, 'input'));
}

function environmentOf({ variables }: NextJob, { eventsFd }: ContainerEnvironment): ContainerEnvironment {
  return { ...readContainerEnvironment(variables), ...(eventsFd !== undefined && { eventsFd }) };
}

function readOrder(line: string): Order | undefined {
  const order = parsed(line);
  if (!isObject(order)) return undefined;
  const { type, root, input, variables } = order;
  if (type === 'stop') return { type };
  const isTexts = isObject(variables) && Object.values(variables).every((value) => typeof value === 'string');
  if (type !== 'train' || typeof root !== 'string' || typeof input !== 'string' || !isTexts) return undefined;
  return { type, root, input, variables: variables as Readonly<Record<string, string>> };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
