/** The thread that owns ONNX Runtime's session of an open model: takes batches of pixels, answers logits and features. */
import { parentPort, workerData } from 'node:worker_threads';
import { isWhippetError } from '../../errors/index.ts';
import { tensorNames } from '../backbone/backbone.ts';
import { openSession, type Tensor } from '../onnx/session.ts';

export interface ModelWorkerData {
  readonly modelFile: string;
  readonly threads: number;
  readonly size: number;
}

export type ModelRequest =
  | { readonly kind: 'run'; readonly pixels: Uint8Array; readonly count: number }
  | { readonly kind: 'close' };

export type ModelReply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'result';
      readonly logits: Float32Array;
      readonly features: Float32Array;
      readonly milliseconds: number;
    }
  | { readonly kind: 'failed'; readonly error: { code?: string; message: string; remedy?: string } };

const port = parentPort;
if (!port) throw new Error('model-worker runs as a worker thread');
const { modelFile, threads, size } = workerData as ModelWorkerData;

const reply = (message: ModelReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const fail = (error: unknown): void =>
  reply({ kind: 'failed', error: isWhippetError(error) ? error.toJSON() : { message: (error as Error).message } });

try {
  const session = await openSession(modelFile, { threads, source: modelFile });
  port.on('message', async (request: ModelRequest) => {
    if (request.kind === 'close') {
      await session.release();
      port.close();
      return;
    }
    try {
      const started = performance.now();
      const feeds = { [tensorNames.pixels]: { dims: [request.count, size, size, 3], data: request.pixels } };
      const results = await session.run(feeds, [tensorNames.logits, tensorNames.features]);
      const logits = ownFloats(results[tensorNames.logits]);
      const features = ownFloats(results[tensorNames.features]);
      const milliseconds = performance.now() - started;
      reply({ kind: 'result', logits, features, milliseconds }, [
        logits.buffer as ArrayBuffer,
        features.buffer as ArrayBuffer,
      ]);
    } catch (error) {
      fail(error);
    }
  });
  reply({ kind: 'ready' });
} catch (error) {
  fail(error);
}

/** A copy that can be transferred: ONNX Runtime's own memory cannot. */
function ownFloats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the model has no float32 logits and features');
  return Float32Array.from(tensor.data);
}
