import { createInterface } from 'node:readline';
import {
  type ContainerEnvironment,
  type ContainerTraining,
  failBeforeJob,
  readContainerEnvironment,
  trainInContainer,
  trainInTurn,
} from '../../container/index.ts';
import type { Context } from '../context.ts';
import { watchParent } from './container-parent.ts';

export async function runContainerTrain({ root }: { root: string }, context: Context): Promise<void> {
  const { cores } = context;
  const { variables, cacheDirectory, proxy, mirror } = context.environment;
  const logError = (line: string): void => context.note(`${line}\n`);
  let environment: ContainerEnvironment;
  try {
    environment = readContainerEnvironment(variables);
  } catch (error) {
    context.exitCode = await failBeforeJob(error, { root, variables, logError });
    return;
  }
  const parent = environment.eventsFd === undefined ? undefined : watchParent(process.stdin, process.exit);
  const signal = parent ? AbortSignal.any([context.signal, parent.signal]) : context.signal;
  const training: ContainerTraining = {
    ...{ root, environment, cores, cacheDirectory, proxy, signal },
    ...(mirror !== undefined && { mirror }),
    log: (line) => context.out(`${line}\n`),
    logError,
    now: Date.now,
    elapsed: () => performance.now(),
  };
  context.exitCode = environment.warm
    ? await trainInTurn(training, createInterface({ input: process.stdin, signal }))
    : await trainInContainer(training);
  parent?.close();
}
