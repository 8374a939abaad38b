import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Fills a buffer with the next bytes. @returns how many, at least one. */
export type Fill = (buffer: Uint8Array) => Promise<number>;

export interface Sending {
  readonly fill: Fill;
  /** Of a buffer. */
  readonly size: number;
  /** Bytes that there are to send. */
  readonly total: number;
}

/**
 * Writes to `target` what `fill` gives, and ends it. Two buffers go round, one filled while the other is on its way: as many new
 * ones as a large object has would keep the garbage collector busy for as long as the reading takes.
 * @throws what `fill` throws, and when the target is closed before all of it was taken; the target is left as it is then.
 */
export async function send(target: Writable, { fill, size, total }: Sending): Promise<void> {
  const buffers = circulating(target, Math.min(size, total));
  try {
    for (let left = total; left > 0; ) {
      const buffer = await buffers.take();
      const length = await fill(buffer);
      left -= length;
      target.write(buffer.subarray(0, length), (error) => buffers.give(buffer, error));
    }
    target.end();
    await finished(target, { readable: false });
  } finally {
    buffers.stop();
  }
}

interface Circulation {
  take(): Promise<Uint8Array>;
  give(buffer: Uint8Array, error: Error | null | undefined): void;
  stop(): void;
}

/** A target that closes may forget the callbacks of what it still held, so its end is listened for, too. */
function circulating(target: Writable, size: number): Circulation {
  const free: Uint8Array[] = [];
  let made = 0;
  let failure: Error | undefined;
  let waiting: (() => void) | undefined;
  const wake = (): void => {
    waiting?.();
    waiting = undefined;
  };
  const onClose = (): void => {
    failure ??= new Error('The target was closed before all was sent.');
    wake();
  };
  target.once('close', onClose);
  if (target.destroyed) onClose();
  return {
    async take() {
      // The second is made when the first is still on its way: a small object needs no more than one.
      if (free.length === 0 && made < 2) {
        made++;
        free.push(Buffer.allocUnsafeSlow(size));
      }
      while (free.length === 0 && !failure) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      }
      if (failure) throw failure;
      return free.pop() as Uint8Array;
    },
    give(buffer, error) {
      if (error) failure ??= error;
      free.push(buffer);
      wake();
    },
    stop: () => void target.off('close', onClose),
  };
}
