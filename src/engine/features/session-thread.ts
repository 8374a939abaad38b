/**
 * The thread of a worker process that has the session. `run` blocks its thread, and decoding a picture takes several turns of the
 * event loop: on one thread the next batch would stand still while this one is computed.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { tensorNames } from '../backbone/backbone.ts';
import { openSession, type Session } from '../onnx/session.ts';
import { errorJson } from './error-json.ts';
import type { FromThread, ToThread, WorkerSetup } from './protocol.ts';

const { modelFile, dimension, preprocessing, batch } = workerData as WorkerSetup;
const dims = [batch, preprocessing.size, preprocessing.size, 3];

function tell(message: FromThread, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

async function run(session: Session, { id, pixels }: ToThread): Promise<void> {
  const outputs = await session.run({ [tensorNames.pixels]: { dims, data: pixels } }, [tensorNames.features]);
  const { data } = outputs[tensorNames.features] ?? {};
  if (!(data instanceof Float32Array) || data.length !== batch * dimension) {
    throw new Error(`the backbone gives ${data?.length} numbers for ${batch} pictures, not ${batch} × ${dimension}`);
  }
  const features = data.slice();
  tell({ type: 'batch', id, features }, [features.buffer]);
}

try {
  const session = await openSession(modelFile, { threads: 1, source: modelFile });
  parentPort?.on('message', (message: ToThread) => {
    run(session, message).catch((error: unknown) => tell({ type: 'failed', error: errorJson(error) }));
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'failed', error: errorJson(error) });
}
