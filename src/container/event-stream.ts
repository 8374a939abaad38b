import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { whippetVersion } from '../entry/index.ts';
import { type InstanceEvent, instanceProtocol } from './events.ts';

export interface EventStream {
  tell(event: InstanceEvent): void;
  /** Resolves when everything was handed over, or after a second to a reader that does not read. */
  close(): Promise<void>;
}

/**
 * JSON lines on an open file descriptor, beginning with `hello`. Whoever reads them is no part of the work: a descriptor that is
 * closed, broken or never read costs the events, nothing else.
 */
export function openEventStream(fd: number | undefined): EventStream {
  const stream = fd === undefined ? undefined : writableOn(fd);
  if (stream === undefined) return { tell: () => {}, close: async () => {} };
  let broken = false;
  stream.on('error', () => {
    broken = true;
  });
  const tell = (event: InstanceEvent): void => {
    if (!broken) stream.write(`${JSON.stringify(event)}\n`);
  };
  tell({ type: 'hello', protocol: instanceProtocol, version: whippetVersion(), pid: process.pid });
  return {
    tell,
    close: () =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        stream.once('close', done);
        if (broken) done();
        else stream.end();
      }).then(() => void stream.destroy()),
  };
}

/** Sockets and pipes without a thread that waits for their reader; files through one. */
function writableOn(fd: number): Writable | undefined {
  try {
    const kind = fstatSync(fd);
    if (kind.isSocket() || kind.isFIFO()) return new Socket({ fd, readable: false, writable: true });
    return createWriteStream('', { fd, autoClose: false });
  } catch {
    return undefined;
  }
}
