/** `whippet serve` without its command line: told the model and the threads, says the address, and then, whenever asked, the processor time used so far (milliseconds). */
import { servingMetrics, startServing } from '../../src/container/index.ts';
import { openArtifact, openPredictor } from '../../src/engine/index.ts';

process.on('disconnect', () => process.exit());
process.once('message', async ({ model, threads }: { model: string; threads: number }) => {
  const metrics = servingMetrics();
  const predictor = await openPredictor(await openArtifact(model), { threads, onBatch: metrics.batch });
  const { url } = await startServing({ predictor, metrics, port: 0, host: '127.0.0.1' });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
  process.send?.(url);
});
