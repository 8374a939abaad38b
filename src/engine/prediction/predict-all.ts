import { userError } from '../../errors/index.ts';
import type { Prediction, Predictor } from './prediction.ts';

export interface PictureSource {
  readonly name: string;
  readonly read: () => Promise<Uint8Array>;
}

export interface PictureAnswer {
  readonly source: string;
  readonly prediction?: Prediction;
  readonly error?: Error;
}

/** Enough that the next batch is decoded while one runs. */
const inFlight = 16;

/** Predicts in order, several at a time; a picture that fails is answered with its error and the rest goes on. */
export async function* predictAll(
  predictor: Predictor,
  sources: readonly PictureSource[],
  signal?: AbortSignal,
): AsyncGenerator<PictureAnswer> {
  const answer = async ({ name, read }: PictureSource): Promise<PictureAnswer> => {
    try {
      return { source: name, prediction: await predictor.predict(await readNamed(name, read), name) };
    } catch (error) {
      return { source: name, error: error as Error };
    }
  };
  const started: Promise<PictureAnswer>[] = [];
  for (let next = 0; next < sources.length || started.length > 0; ) {
    signal?.throwIfAborted();
    while (started.length < inFlight && next < sources.length) started.push(answer(sources[next++] as PictureSource));
    yield (await started.shift()) as PictureAnswer;
  }
}

async function readNamed(name: string, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await read();
  } catch (error) {
    throw userError('WHIPPET_IMAGE_UNREADABLE', { source: name, reason: (error as Error).message }, error);
  }
}
