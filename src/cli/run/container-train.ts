import { readContainerEnvironment, trainInContainer } from '../../container/index.ts';
import type { Context } from '../context.ts';

export async function runContainerTrain({ root }: { root: string }, context: Context): Promise<void> {
  const { environment, cores, signal } = context;
  context.exitCode = await trainInContainer({
    root,
    environment: readContainerEnvironment(environment.variables),
    cores,
    cacheDirectory: environment.cacheDirectory,
    proxy: environment.proxy,
    ...(environment.mirror !== undefined && { mirror: environment.mirror }),
    signal,
    log: (line) => context.out(`${line}\n`),
    logError: (line) => context.note(`${line}\n`),
    elapsed: () => performance.now(),
  });
}
