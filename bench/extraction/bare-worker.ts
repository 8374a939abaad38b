/**
 * One half of extraction alone, on one thread for as long as it is told: the session on random pixels (`model`), or reading and
 * decoding (`decode`). Started as often as extraction starts workers; says `ready`, waits, works, says how fast.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tensorNames } from '../../src/engine/backbone/backbone.ts';
import { decodePicture } from '../../src/engine/image/decode.ts';
import type { Preprocessing } from '../../src/engine/image/picture.ts';
import { openSession } from '../../src/engine/onnx/session.ts';
import { seededRandom } from '../../src/random/index.ts';

export interface BareTask {
  readonly mode: 'model' | 'decode';
  readonly modelFile: string;
  readonly preprocessing: Preprocessing;
  readonly files: readonly string[];
  readonly milliseconds: number;
}

/** Pictures per second, and milliseconds of processor time per picture. */
export interface BareSpeed {
  readonly rate: number;
  readonly cpu: number;
}

const batch = 8;

/** Returns what runs one batch. */
async function openModel({ modelFile, preprocessing: { size } }: BareTask): Promise<() => Promise<unknown>> {
  const session = await openSession(modelFile, { threads: 1, source: modelFile });
  const random = seededRandom(1);
  const data = Uint8Array.from({ length: batch * size * size * 3 }, () => random.integer(256));
  const feeds = { [tensorNames.pixels]: { dims: [batch, size, size, 3], data } };
  return () => session.run(feeds, [tensorNames.features]);
}

/** Returns what reads, checks and decodes as many pictures as a batch has, four at a time. */
function openDecoder({ files, preprocessing }: BareTask): () => Promise<unknown> {
  const views = [{ kind: 'center' }] as const;
  let next = 0;
  const decodeSome = async (): Promise<void> => {
    for (let count = 0; count < batch / 4; count++) {
      const source = files[next++ % files.length] as string;
      const bytes = await readFile(source);
      const digest = createHash('sha256').update(bytes).digest('hex');
      await decodePicture(bytes, { source, preprocessing, views, digest });
    }
  };
  return () => Promise.all(Array.from({ length: 4 }, decodeSome));
}

process.on('disconnect', () => process.exit());
process.once('message', async (task: BareTask) => {
  const work = task.mode === 'model' ? await openModel(task) : openDecoder(task);
  await work();
  process.once('message', async () => {
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    let done = 0;
    while (performance.now() - start < task.milliseconds) {
      await work();
      done += batch;
    }
    const { user, system } = process.cpuUsage(cpuStart);
    const speed: BareSpeed = { rate: (done * 1000) / (performance.now() - start), cpu: (user + system) / 1000 / done };
    process.send?.(speed);
  });
  process.send?.('ready');
});
