import { readFile } from 'node:fs/promises';
import { isWhippetError, userError } from '../../errors/index.ts';
import type { Listener } from '../events.ts';
import { decodePicture } from '../image/decode.ts';
import type { PictureFacts } from '../image/picture.ts';
import type { Sample } from './dataset.ts';

/** What decoding told of pictures, by digest: equal files are decoded once. */
export interface Inspection {
  readonly facts: ReadonlyMap<string, PictureFacts>;
  readonly refused: ReadonlyMap<string, { readonly code: string; readonly message: string }>;
}

export interface InspectOptions {
  /** Pictures in flight; libuv's four threads decode them. Default 4. */
  readonly concurrency?: number;
  readonly onEvent?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Small, so that JPEGs are decoded at a fraction of their size; the thumbprint needs no more. */
const preprocessing = { size: 64, resize: 64, interpolation: 'bilinear' } as const;

async function inspectOne({ path, name, digest }: Sample): Promise<PictureFacts> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw userError('WHIPPET_IMAGE_UNREADABLE', { source: name, reason }, error);
  });
  return (await decodePicture(bytes, { source: name, preprocessing, views: [], digest })).facts;
}

/** Decodes every distinct picture once. What cannot be decoded is told by an event and listed, not thrown. */
export async function inspectPictures(samples: readonly Sample[], options: InspectOptions = {}): Promise<Inspection> {
  const { concurrency = 4, onEvent, signal } = options;
  const distinct = [...new Map(samples.map((sample) => [sample.digest, sample])).values()];
  const facts = new Map<string, PictureFacts>();
  const refused = new Map<string, { code: string; message: string }>();
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    while (next < distinct.length) {
      signal?.throwIfAborted();
      const sample = distinct[next++]!;
      try {
        facts.set(sample.digest, await inspectOne(sample));
      } catch (error) {
        if (!isWhippetError(error)) throw error;
        const { code, message } = error;
        refused.set(sample.digest, { code, message });
        onEvent?.({ type: 'picture-refused', name: sample.name, split: sample.split, code, message });
      }
      onEvent?.({ type: 'progress', stage: 'inspect', done: ++done, total: distinct.length, unit: 'pictures' });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { facts, refused };
}
