/** Entry of the thread that `trainHeadInWorker` starts: trains, tells each epoch, ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { isWhippetError } from '../../errors/index.ts';
import type { PreparedTraining } from './preparation.ts';
import type { TrainingReply } from './train-in-worker.ts';
import { type TrainingOptions, trainPrepared } from './training.ts';

const port = parentPort!;
const { prepared, options } = workerData as { prepared: PreparedTraining; options: TrainingOptions };
const controller = new AbortController();
port.on('message', () => controller.abort());
const reply = (message: TrainingReply): void => port.postMessage(message);

try {
  const head = await trainPrepared(prepared, {
    ...options,
    signal: controller.signal,
    onEpoch: (record) => reply({ type: 'epoch', record }),
  });
  reply({ type: 'trained', head });
} catch (error) {
  if (!isWhippetError(error)) throw error;
  reply({ type: 'failed', error: error.toJSON() });
} finally {
  // An open port would keep the thread alive.
  port.close();
}
