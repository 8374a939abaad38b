import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openArtifact, openPredictor } from '../../engine/index.ts';
import { isWhippetError, userError } from '../../errors/index.ts';
import { type ContainerEnvironment, servingLimits } from '../environment.ts';
import { openEventStream } from '../event-stream.ts';
import { servingMetrics } from './metrics.ts';
import { startServing } from './start.ts';

export interface ContainerServing {
  /** `/opt/ml` on SageMaker; the model is in its folder model/. */
  readonly root: string;
  /** Where it listens: a Unix socket, else TCP. */
  readonly socketPath?: string;
  readonly host: string;
  readonly port: number;
  readonly environment: ContainerEnvironment;
  readonly cores: number;
  /** Aborted by SIGTERM, and when whoever started the process is gone. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly logError: (line: string) => void;
}

/**
 * Serves a model by SageMaker's container contract until the signal, then answers what was accepted. Never rejects.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 * @returns the exit code: 0 after a clean end, 1 where the model or the address cannot be used
 */
export async function serveInContainer(serving: ContainerServing): Promise<number> {
  const events = openEventStream(serving.environment.eventsFd);
  try {
    await serve(serving, (address) => events.tell({ type: 'serving', address }));
    return 0;
  } catch (error) {
    const known = isWhippetError(error);
    serving.logError(
      known ? `${error.code}: ${error.message} ${error.remedy}` : String((error as Error).stack ?? error),
    );
    return 1;
  } finally {
    await events.close();
  }
}

async function serve(
  { root, socketPath, host, port, environment, cores, signal, log }: ContainerServing,
  onAddress: (address: string) => void,
): Promise<void> {
  const artifact = await openArtifact(await modelIn(join(resolve(root), 'model')));
  const metrics = servingMetrics();
  const threads = environment.threads ?? cores;
  const predictor = await openPredictor(artifact, { threads, onBatch: metrics.batch }).catch(async (error: unknown) => {
    await artifact.close();
    throw error;
  });
  try {
    const server = await startServing({
      ...{ predictor, metrics, host, port },
      ...(socketPath !== undefined && { socketPath }),
      ...servingLimits(environment),
      log: (record) => log(JSON.stringify(record)),
    });
    const { labels, backbone } = predictor.manifest;
    log(`Serving ${labels.length} classes with ${backbone.name} on ${server.url}`);
    onAddress(server.url);
    if (!signal.aborted) await new Promise((stop) => signal.addEventListener('abort', stop, { once: true }));
    log('Finishing what was accepted');
    await server.drain();
  } finally {
    await predictor.close();
    await artifact.close();
  }
}

/**
 * SageMaker unpacks model.tar.gz; by hand it may lie there as it is.
 * @throws WHIPPET_CONTAINER_NO_MODEL
 */
async function modelIn(folder: string): Promise<string> {
  for (const [file, model] of [
    [join(folder, 'whippet.json'), folder],
    [join(folder, 'model.tar.gz'), join(folder, 'model.tar.gz')],
  ] as const) {
    if (await stat(file).catch(() => undefined)) return model;
  }
  throw userError('WHIPPET_CONTAINER_NO_MODEL', { path: folder });
}
