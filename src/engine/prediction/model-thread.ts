import { Worker } from 'node:worker_threads';
import { entryFile } from '../../entry/index.ts';
import { reviveError } from '../../errors/index.ts';
import type { ModelReply, ModelRequest, ModelWorkerData } from './model-worker.ts';

export interface ModelOutput {
  readonly logits: Float32Array;
  readonly features: Float32Array;
}

export interface ModelThread {
  /**
   * `pixels`: one picture, size × size × 3 bytes. Pictures that wait while a batch runs make the next batch, up to 8: under load
   * batches fill by themselves, and a lone request never waits for a timer.
   */
  run(pixels: Uint8Array): Promise<ModelOutput>;
  close(): Promise<void>;
}

export interface BatchRecord {
  readonly size: number;
  readonly milliseconds: number;
}

interface Waiting {
  readonly pixels: Uint8Array;
  readonly resolve: (output: ModelOutput) => void;
  readonly reject: (error: Error) => void;
}

const maximalBatch = 8;

/** Starts the worker and resolves when its session is open. */
export async function startModelThread(
  data: ModelWorkerData & { readonly onBatch?: (record: BatchRecord) => void },
): Promise<ModelThread> {
  const { onBatch, ...workerData } = data;
  const worker = new Worker(entryFile(import.meta.url, 'model-worker'), { workerData });
  const queue: Waiting[] = [];
  let running: readonly Waiting[] = [];
  let dead: Error | undefined;

  const startBatch = (): void => {
    if (running.length > 0 || queue.length === 0) return;
    running = queue.splice(0, maximalBatch);
    const pixels = joined(running.map((one) => one.pixels));
    const request: ModelRequest = { kind: 'run', pixels, count: running.length };
    worker.postMessage(request, [pixels.buffer as ArrayBuffer]);
  };
  const settle = (answer: (waiting: Waiting, index: number) => void): void => {
    const finished = running;
    running = [];
    finished.forEach(answer);
    startBatch();
  };
  const die = (error: Error): void => {
    dead ??= error;
    for (const waiting of [...running, ...queue.splice(0)]) waiting.reject(error);
    running = [];
  };

  await new Promise<void>((resolve, reject) => {
    worker.on('message', (reply: ModelReply) => {
      if (reply.kind === 'ready') resolve();
      else if (reply.kind === 'failed') {
        const error = revive(reply.error);
        reject(error);
        settle((waiting) => waiting.reject(error));
      } else {
        onBatch?.({ size: running.length, milliseconds: reply.milliseconds });
        const { logits, features } = reply;
        const count = running.length;
        settle((waiting, index) =>
          waiting.resolve({ logits: row(logits, { index, count }), features: row(features, { index, count }) }),
        );
      }
    });
    const stop = (error: Error): void => {
      die(error);
      reject(error);
    };
    worker.on('error', stop);
    worker.on('exit', (code) => stop(new Error(`the model's thread ended (exit code ${code})`)));
  });

  return {
    run: (pixels) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead);
        queue.push({ pixels, resolve, reject });
        startBatch();
      }),
    close: async () => {
      if (dead) return;
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage({ kind: 'close' } satisfies ModelRequest);
      await ended;
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts[0]?.length ?? 0;
  const all = new Uint8Array(parts.length * length);
  for (const [index, part] of parts.entries()) all.set(part, index * length);
  return all;
}

function row(values: Float32Array, { index, count }: { index: number; count: number }): Float32Array {
  const width = values.length / count;
  return values.slice(index * width, (index + 1) * width);
}

function revive({ code, message, remedy }: { code?: string; message: string; remedy?: string }): Error {
  return code === undefined ? new Error(message) : reviveError({ code, message, remedy: remedy ?? '' });
}
