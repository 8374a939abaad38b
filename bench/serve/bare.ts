/**
 * What serving is compared with, on the session settings of the server: `rate` runs batches of 8 random pictures, nothing else;
 * `single` decodes one photo after the other and runs it alone, which is what a lone request must cost.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture } from '../../src/engine/image/decode.ts';
import type { Preprocessing } from '../../src/engine/image/picture.ts';
import { openArtifact } from '../../src/engine/index.ts';
import { openSession, type Session } from '../../src/engine/onnx/session.ts';
import { seededRandom } from '../../src/random/index.ts';

export type BareAsked = 'rate' | 'single';

export interface BareRate {
  /** Pictures per second. */
  readonly rate: number;
  /** Processor milliseconds per picture, over all threads. */
  readonly cpu: number;
}

const batch = 8;
const fetches = ['logits', 'features'];

async function rate(session: Session, size: number, milliseconds: number): Promise<BareRate> {
  const random = seededRandom(1);
  const data = Uint8Array.from({ length: batch * size * size * 3 }, () => random.integer(256));
  const feeds = { pixels: { dims: [batch, size, size, 3], data } };
  const before = process.cpuUsage();
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < milliseconds) {
    await session.run(feeds, fetches);
    done += batch;
  }
  const { user, system } = process.cpuUsage(before);
  return { rate: (done * 1000) / (performance.now() - start), cpu: (user + system) / 1000 / done };
}

async function single(
  session: Session,
  preprocessing: Preprocessing,
  { photos, milliseconds }: { photos: readonly Buffer[]; milliseconds: number },
): Promise<number[]> {
  const { size } = preprocessing;
  const times: number[] = [];
  const start = performance.now();
  while (performance.now() - start < milliseconds) {
    const began = performance.now();
    const bytes = photos[times.length % photos.length]!;
    const options = { source: 'photo', preprocessing, views: [{ kind: 'center' }] as const, digest: '' };
    const { views } = await decodePicture(bytes, options);
    await session.run({ pixels: { dims: [1, size, size, 3], data: views[0]! } }, fetches);
    times.push(performance.now() - began);
  }
  return times;
}

interface Setup {
  readonly model: string;
  readonly threads: number;
  readonly photos: readonly string[];
}

process.on('disconnect', () => process.exit());
process.once('message', async ({ model, threads, photos: paths }: Setup) => {
  const { manifest } = await openArtifact(model);
  const session = await openSession(join(model, 'model.onnx'), { threads, source: model });
  const photos = await Promise.all(paths.map((path) => readFile(path)));
  const { preprocessing } = manifest;
  await rate(session, preprocessing.size, 500);
  process.on('message', async ({ what, milliseconds }: { what: BareAsked; milliseconds: number }) => {
    const answer =
      what === 'rate'
        ? await rate(session, preprocessing.size, milliseconds)
        : await single(session, preprocessing, { photos, milliseconds });
    process.send?.(answer);
  });
  process.send?.('ready');
});
