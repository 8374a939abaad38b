import { Readable, type Writable } from 'node:stream';
import type { BlobId, BlobStream, ByteRange, Part } from './blobs.ts';
import { fileFault, StoreFault } from './fault.ts';
import { blobPath } from './layout.ts';
import type { Residence } from './residence.ts';
import { type Fill, send } from './send.ts';

/** Bytes read at once. */
const readSize = 256 << 10;

/** A stretch of one blob. */
interface Stretch {
  readonly id: BlobId;
  readonly start: number;
  readonly end: number;
}

/** See Blobs.read. */
export function readBlobs(residence: Residence, parts: readonly Part[], range?: ByteRange): BlobStream {
  const stretches = stretchesOf(parts, range);
  const releases = stretches.map(({ id }) => residence.pins.pin(id));
  const stream = Readable.from(chunksOf(residence, stretches), { objectMode: false, highWaterMark: 2 * readSize });
  // Comes after the end, an error or destroy(), also where nothing was ever read.
  stream.once('close', () => {
    for (const release of releases) release();
  });
  const sendTo = async (target: Writable): Promise<void> => {
    try {
      await sendChunks(residence, stretches, target);
    } finally {
      stream.destroy();
    }
  };
  return Object.assign(stream, { sendTo });
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

async function* fileChunks(residence: Residence, stretch: Stretch): AsyncGenerator<Uint8Array> {
  const file = await openStretch(residence, stretch);
  try {
    for (let left = stretch.end - stretch.start; left > 0; ) {
      const target = Buffer.allocUnsafeSlow(Math.min(readSize, left));
      const bytesRead = await file.read(target);
      yield target.subarray(0, bytesRead);
      left -= bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** As chunksOf, into the buffers of the sender. */
async function sendChunks(residence: Residence, stretches: readonly Stretch[], target: Writable): Promise<void> {
  const queue = [...stretches];
  let file: OpenStretch | undefined;
  const fill: Fill = async (buffer) => {
    for (;;) {
      const bytesRead = await file?.read(buffer);
      if (bytesRead) return bytesRead;
      await file?.close();
      file = undefined;
      const next = queue.shift();
      if (next === undefined) throw new Error('More was asked for than there is.');
      file = await openStretch(residence, next);
    }
  };
  try {
    const total = stretches.reduce((sum, { start, end }) => sum + end - start, 0);
    await send(target, { fill, size: readSize, total });
  } finally {
    await file?.close();
  }
}

/** The bytes of a stretch in order, wherever the blob lives. */
interface OpenStretch {
  /** @returns bytes read into `target`, 0 at the stretch's end. */
  read(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

async function openStretch({ files, layout, small }: Residence, { id, start, end }: Stretch): Promise<OpenStretch> {
  let position = start;
  const bytes = small.get(id);
  if (bytes) {
    if (bytes.length < end) throw cutShort(id, bytes.length);
    return {
      async read(target) {
        const piece = bytes.subarray(position, Math.min(end, position + target.length));
        target.set(piece);
        position += piece.length;
        return piece.length;
      },
      close: async () => {},
    };
  }
  const file = await files.open(blobPath(layout, id)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new StoreFault('missing', `The blob ${id} is missing.`, error);
    throw fileFault(error, `the blob ${id}`);
  });
  return {
    async read(target) {
      if (position >= end) return 0;
      const room = target.subarray(0, Math.min(target.length, end - position));
      const bytesRead = await file.read(room, position).catch((error) => {
        throw fileFault(error, `the blob ${id}`);
      });
      if (bytesRead === 0) throw cutShort(id, position);
      position += bytesRead;
      return bytesRead;
    },
    close: () => file.close(),
  };
}

function cutShort(id: BlobId, length: number): StoreFault {
  return new StoreFault('damaged', `The blob ${id} ends after ${length} bytes.`);
}
