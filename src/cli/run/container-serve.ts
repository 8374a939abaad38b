import { readContainerEnvironment, serveInContainer } from '../../container/index.ts';
import type { Context } from '../context.ts';
import { watchParent } from './container-parent.ts';

export interface ContainerServeFlags {
  readonly root: string;
  readonly host: string;
  readonly port?: number;
  readonly socket?: string;
}

/** SageMaker's port, where neither a flag nor SAGEMAKER_BIND_TO_PORT says another. */
const defaultPort = 8080;

export async function runContainerServe(flags: ContainerServeFlags, context: Context): Promise<void> {
  const { cores, signal } = context;
  const environment = readContainerEnvironment(context.environment.variables);
  const parent = environment.eventsFd === undefined ? undefined : watchParent(process.stdin, process.exit);
  context.exitCode = await serveInContainer({
    ...{ root: flags.root, host: flags.host, environment, cores },
    port: flags.port ?? environment.port ?? defaultPort,
    ...(flags.socket !== undefined && { socketPath: flags.socket }),
    signal: parent ? AbortSignal.any([signal, parent.signal]) : signal,
    log: (line) => context.out(`${line}\n`),
    logError: (line) => context.note(`${line}\n`),
  });
  parent?.close();
}
