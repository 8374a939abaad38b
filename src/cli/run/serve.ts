import { servingMetrics, startServing } from '../../container/index.ts';
import { openArtifact, openPredictor } from '../../engine/index.ts';
import type { Context } from '../context.ts';
import { count } from '../terminal/numbers.ts';
import { printable } from '../terminal/table.ts';

export interface ServeFlags {
  readonly port: number;
  readonly host: string;
  readonly queue: number;
  readonly timeout: number;
  readonly maxBody: number;
  readonly urlAllow: readonly string[];
  readonly threads?: number;
  readonly quiet?: boolean;
}

/** Serves until SIGINT or SIGTERM, then finishes what was accepted. */
export async function runServe(model: string, flags: ServeFlags, context: Context): Promise<void> {
  const artifact = await openArtifact(model);
  const metrics = servingMetrics();
  const predictor = await openPredictor(artifact, {
    threads: flags.threads ?? context.cores,
    onBatch: metrics.batch,
  });
  try {
    const server = await startServing({
      predictor,
      metrics,
      host: flags.host,
      port: flags.port,
      queueLimit: flags.queue,
      requestTimeoutMs: flags.timeout * 1000,
      maxBodyBytes: Math.round(flags.maxBody * 1024 * 1024),
      urlAllow: flags.urlAllow,
      log: flags.quiet ? () => {} : (record) => context.note(`${JSON.stringify(record)}\n`),
    });
    context.out(
      `Serving ${printable(model)} (${count(predictor.manifest.labels.length)} classes) on ${server.url}\n` +
        `  curl -s --data-binary @photo.jpg -H 'Content-Type: image/jpeg' ${server.url}/invocations\n`,
    );
    if (!context.signal.aborted) {
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
    }
    context.note('Finishing what was accepted …\n');
    await server.drain();
  } finally {
    await predictor.close();
    await artifact.close();
  }
}
