/** The one file that knows ONNX Runtime. `run` and `open` block the calling thread: use them in workers and child processes only. */
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { userError } from '../../errors/index.ts';

export type TensorData = Float32Array | Uint8Array | BigInt64Array | Int32Array;

/** Row-major. int64 tensors are BigInt64Array. */
export interface Tensor<D extends TensorData = TensorData> {
  readonly dims: readonly number[];
  readonly data: D;
}

export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Computes `fetches` (all outputs by default). The data arrays of the result belong to the caller. */
  run(feeds: Readonly<Record<string, Tensor>>, fetches?: readonly string[]): Promise<Record<string, Tensor>>;
  /** Frees native memory; without it a process grows with every session. */
  release(): Promise<void>;
}

export interface SessionOptions {
  /** Intra-op threads. */
  readonly threads: number;
  /** What errors call the model. */
  readonly source: string;
}

const typeNames = new Map<unknown, 'float32' | 'uint8' | 'int64' | 'int32'>([
  [Float32Array, 'float32'],
  [Uint8Array, 'uint8'],
  [BigInt64Array, 'int64'],
  [Int32Array, 'int32'],
]);

function toRuntime({ data, dims }: Tensor): RuntimeTensor {
  // Buffer is a Uint8Array by prototype, not by constructor.
  const type = typeNames.get(data.constructor) ?? 'uint8';
  return new RuntimeTensor(type, data as Float32Array, dims);
}

/**
 * Opens a model from a file or from bytes.
 * @throws WHIPPET_ONNX_LOAD when ONNX Runtime refuses it.
 */
export async function openSession(modelFileOrBytes: string | Uint8Array, options: SessionOptions): Promise<Session> {
  const runtimeOptions: InferenceSession.SessionOptions = {
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    // `all` adds the NCHWc layout, a third faster than `extended` on convolutions.
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 3,
    // Spinning threads would steal the cores that decode pictures.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  let session: InferenceSession;
  try {
    session =
      typeof modelFileOrBytes === 'string'
        ? await InferenceSession.create(modelFileOrBytes, runtimeOptions)
        : await InferenceSession.create(modelFileOrBytes, runtimeOptions);
  } catch (error) {
    throw userError('WHIPPET_ONNX_LOAD', { source: options.source, reason: (error as Error).message }, error);
  }
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, fetches) {
      const runtimeFeeds = Object.fromEntries(Object.entries(feeds).map(([name, fed]) => [name, toRuntime(fed)]));
      const results = await (fetches ? session.run(runtimeFeeds, [...fetches]) : session.run(runtimeFeeds));
      return Object.fromEntries(
        Object.entries(results).map(([name, result]) => [name, { dims: result.dims, data: result.data as TensorData }]),
      );
    },
    release: () => session.release(),
  };
}
