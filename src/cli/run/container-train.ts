import { createInterface } from 'node:readline';
import {
  type ContainerTraining,
  readContainerEnvironment,
  trainInContainer,
  trainInTurn,
} from '../../container/index.ts';
import type { Context } from '../context.ts';
import { watchParent } from './container-parent.ts';

export async function runContainerTrain({ root }: { root: string }, context: Context): Promise<void> {
  const { cores } = context;
  const { variables, cacheDirectory, proxy, mirror } = context.environment;
  const environment = readContainerEnvironment(variables);
  const parent = environment.eventsFd === undefined ? undefined : watchParent(process.stdin, process.exit);
  const signal = parent ? AbortSignal.any([context.signal, parent.signal]) : context.signal;
  const training: ContainerTraining = {
    ...{ root, environment, cores, cacheDirectory, proxy, signal },
    ...(mirror !== undefined && { mirror }),
    log: (line) => context.out(`${line}\n`),
    logError: (line) => context.note(`${line}\n`),
    now: Date.now,
    elapsed: () => performance.now(),
  };
  context.exitCode = environment.warm
    ? await trainInTurn(training, createInterface({ input: process.stdin, signal }))
    : await trainInContainer(training);
  parent?.close();
}
