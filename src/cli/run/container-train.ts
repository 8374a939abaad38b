import { readContainerEnvironment, trainInContainer } from '../../container/index.ts';
import type { Context } from '../context.ts';
import { watchParent } from './container-parent.ts';

export async function runContainerTrain({ root }: { root: string }, context: Context): Promise<void> {
  const { cores, signal } = context;
  const { variables, cacheDirectory, proxy, mirror } = context.environment;
  const environment = readContainerEnvironment(variables);
  const parent = environment.eventsFd === undefined ? undefined : watchParent(process.stdin, process.exit);
  context.exitCode = await trainInContainer({
    ...{ root, environment, cores, cacheDirectory, proxy },
    ...(mirror !== undefined && { mirror }),
    signal: parent ? AbortSignal.any([signal, parent.signal]) : signal,
    log: (line) => context.out(`${line}\n`),
    logError: (line) => context.note(`${line}\n`),
    now: Date.now,
    elapsed: () => performance.now(),
  });
  parent?.close();
}
