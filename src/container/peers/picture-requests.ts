import { hasDigest } from './files.ts';

/** Files that the leader asks other hosts for. */
export interface PictureRequests {
  /** @throws Error where none of the hosts has it any more, or they take too long */
  fetch(digest: string, hosts: readonly string[]): Promise<Uint8Array>;
  /** Takes an answer. */
  answer(id: number, bytes: Buffer | undefined): void;
  /** All that are open fail. */
  close(): void;
}

export interface RequestOptions {
  readonly send: (
    host: string,
    request: { readonly type: 'file'; readonly id: number; readonly digest: string },
  ) => void;
  /** Milliseconds for an answer. */
  readonly silence: number;
}

/** Asked at a time: each answer may be of 25 MB. */
const mostAtOnce = 4;

export function openPictureRequests({ send, silence }: RequestOptions): PictureRequests {
  const open = new Map<number, (bytes: Buffer | undefined) => void>();
  const queue: (() => void)[] = [];
  let running = 0;
  let count = 0;
  let closed = false;

  const turn = async (): Promise<void> => {
    if (running >= mostAtOnce) await new Promise<void>((resolve) => queue.push(resolve));
    running++;
  };
  const leave = (): void => {
    running--;
    queue.shift()?.();
  };
  const ask = (host: string, digest: string): Promise<Buffer | undefined> => {
    const id = count++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer(id, undefined), silence);
      open.set(id, (bytes) => {
        clearTimeout(timer);
        resolve(bytes);
      });
      send(host, { type: 'file', id, digest });
    });
  };
  const answer = (id: number, bytes: Buffer | undefined): void => {
    open.get(id)?.(bytes);
    open.delete(id);
  };
  return {
    async fetch(digest, hosts) {
      await turn();
      try {
        for (const host of closed ? [] : hosts) {
          const bytes = await ask(host, digest);
          if (bytes && hasDigest(bytes, digest)) return bytes;
        }
      } finally {
        leave();
      }
      throw new Error(`no other host gives the picture ${digest}`);
    },
    answer,
    close() {
      closed = true;
      for (const id of [...open.keys()]) answer(id, undefined);
    },
  };
}
