import type { Readable } from 'node:stream';

/** The body of an answer, received from the moment it exists. */
export interface Body {
  /** Chunks as they arrived; everything that arrived comes before the error of a cut connection. */
  chunks(): AsyncGenerator<Buffer>;
  /** Ends the transfer, if it is not over. */
  discard(): void;
}

/** Enough to keep the network busy while the disk writes. */
const waitingBytes = 1 << 20;

/**
 * A stream's own iterator forgets what it has buffered when the connection is cut, and an error that comes before someone listens
 * is lost. For downloads that continue, the last chunks before a cut are worth keeping.
 */
export function startReceiving(stream: Readable): Body {
  const waiting: Buffer[] = [];
  let bytes = 0;
  let end: { readonly error?: Error } | undefined;
  let wake: () => void = () => undefined;
  stream.on('data', (chunk: Buffer) => {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes > waitingBytes) stream.pause();
    wake();
  });
  stream.on('end', () => {
    end ??= {};
    wake();
  });
  stream.on('error', (error) => {
    end ??= { error };
    wake();
  });
  return {
    async *chunks() {
      for (;;) {
        const chunk = waiting.shift();
        if (chunk) {
          bytes -= chunk.length;
          if (bytes <= waitingBytes) stream.resume();
          yield chunk;
        } else if (end) {
          if (end.error) throw end.error;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
    discard() {
      stream.destroy();
    },
  };
}
