import type { Socket } from 'node:net';
import { encodeFrame, frameReader } from './frames.ts';
import type { PeerTiming } from './options.ts';

/** A connection to a peer. */
export interface Link<Outgoing extends object> {
  /** Nothing happens once the connection has ended. */
  send(message: Outgoing, payload?: Uint8Array): void;
  /** Resolves when what was sent has left this process, or never will. */
  drained(): Promise<void>;
  /** Sends what is left and ends. */
  end(): void;
  /** Ends at once. */
  destroy(): void;
}

export interface LinkOptions {
  readonly timing: Pick<PeerTiming, 'beat' | 'silence'>;
  /** What it throws ends the connection with its message as the reason. */
  readonly onMessage: (header: unknown, payload: Buffer) => void;
  /** Once, when the connection is of no use any more; not after `end` or `destroy`. */
  readonly onEnd: (reason: string) => void;
}

/** Milliseconds for the last bytes to go. */
const farewell = 2000;

/** Frames and signs of life on an open socket. `beat` messages are answered by nothing and told to nobody. */
export function openLink<Outgoing extends object>(socket: Socket, options: LinkOptions): Link<Outgoing> {
  const { timing, onMessage, onEnd } = options;
  const read = frameReader();
  let over = false;
  let quiet = 0;
  const finish = (): void => {
    over = true;
    clearInterval(timer);
  };
  const fail = (reason: string): void => {
    if (over) return;
    finish();
    socket.destroy();
    onEnd(reason);
  };
  // Beats without a word are counted, not milliseconds: a process that itself stood still must not blame the other.
  const mostQuiet = Math.max(2, Math.ceil(timing.silence / timing.beat));
  const timer = setInterval(() => {
    if (++quiet > mostQuiet) fail(`nothing was heard of it for ${Math.round(timing.silence / 1000)} seconds`);
    else for (const part of encodeFrame({ type: 'beat' })) socket.write(part);
  }, timing.beat);
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    if (over) return;
    quiet = 0;
    try {
      for (const { header, payload } of read(chunk)) if (!over && !isBeat(header)) onMessage(header, payload);
    } catch (error) {
      fail((error as Error).message);
    }
  });
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('its connection closed'));
  return {
    send(message, payload) {
      if (!over) for (const part of encodeFrame(message, payload)) socket.write(part);
    },
    drained: () =>
      new Promise((resolve) => {
        if (over || !socket.writableNeedDrain) return resolve();
        const done = (): void => {
          socket.off('drain', done);
          socket.off('close', done);
          resolve();
        };
        socket.on('drain', done);
        socket.on('close', done);
      }),
    end() {
      finish();
      socket.end();
      // The other side may never answer.
      setTimeout(() => socket.destroy(), farewell).unref();
    },
    destroy() {
      finish();
      socket.destroy();
    },
  };
}

function isBeat(header: unknown): boolean {
  return (header as { type?: unknown } | null)?.type === 'beat';
}
