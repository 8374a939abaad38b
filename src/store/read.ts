import { Readable } from 'node:stream';
import type { BlobId, ByteRange, Part } from './blobs.ts';
import { fileFault, StoreFault } from './fault.ts';
import { blobPath } from './layout.ts';
import type { Residence } from './residence.ts';

/** Bytes read at once. */
const readSize = 256 << 10;

/** A stretch of one blob. */
interface Stretch {
  readonly id: BlobId;
  readonly start: number;
  readonly end: number;
}

/** See Blobs.read. */
export function readBlobs(residence: Residence, parts: readonly Part[], range?: ByteRange): Readable {
  const stretches = stretchesOf(parts, range);
  const releases = stretches.map(({ id }) => residence.pins.pin(id));
  const stream = Readable.from(chunksOf(residence, stretches), { objectMode: false, highWaterMark: 2 * readSize });
  // Comes after the end, an error or destroy(), also where nothing was ever read.
  stream.once('close', () => {
    for (const release of releases) release();
  });
  return stream;
}

/** The stretches of blobs that a range of their concatenation consists of. @throws RangeError */
function stretchesOf(parts: readonly Part[], range?: ByteRange): Stretch[] {
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const { start, end } = range ?? { start: 0, end: total };
  if (!(start >= 0 && start <= end && end <= total)) {
    throw new RangeError(`The range [${start}, ${end}) is not within ${total} bytes.`);
  }
  const stretches: Stretch[] = [];
  let offset = 0;
  for (const { id, size } of parts) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, size);
    if (from < to) stretches.push({ id, start: from, end: to });
    offset += size;
  }
  return stretches;
}

async function* chunksOf(residence: Residence, stretches: readonly Stretch[]): AsyncGenerator<Uint8Array> {
  for (const stretch of stretches) {
    const bytes = residence.small.get(stretch.id);
    if (!bytes) yield* fileChunks(residence, stretch);
    else if (bytes.length < stretch.end) throw cutShort(stretch.id, bytes.length);
    else yield bytes.subarray(stretch.start, stretch.end);
  }
}

async function* fileChunks({ files, layout }: Residence, { id, start, end }: Stretch): AsyncGenerator<Uint8Array> {
  const file = await files.open(blobPath(layout, id)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new StoreFault('missing', `The blob ${id} is missing.`, error);
    throw fileFault(error, `the blob ${id}`);
  });
  try {
    for (let position = start; position < end; ) {
      const target = Buffer.allocUnsafeSlow(Math.min(readSize, end - position));
      const bytesRead = await file.read(target, position).catch((error) => {
        throw fileFault(error, `the blob ${id}`);
      });
      if (bytesRead === 0) throw cutShort(id, position);
      yield target.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}

function cutShort(id: BlobId, length: number): StoreFault {
  return new StoreFault('damaged', `The blob ${id} ends after ${length} bytes.`);
}
