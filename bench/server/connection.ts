/** The least a client of HTTP/1.1 can be, so that its own time hardly counts: bytes out, and what comes back told apart and counted. */
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Of the body. */
  readonly bytes: number;
}

export interface Connection {
  /** One request at a time. Connects again where the server has closed. */
  ask(request: readonly Uint8Array[]): Promise<Answer>;
  close(): void;
}

export function openConnection(url: string): Connection {
  const { hostname, port } = new URL(url);
  let socket: Socket | undefined;
  let progress = startOfAnswer();
  let settle: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  const onData = (chunk: Buffer): void => {
    if (!readOn(progress, chunk)) return;
    const { status, bytes, closes } = progress;
    if (closes) drop();
    progress = startOfAnswer();
    settle?.resolve({ status, bytes });
  };
  const drop = (): void => {
    socket?.destroy();
    socket = undefined;
  };
  const open = (): Socket => {
    const opened = connect({ host: hostname, port: Number(port), noDelay: true });
    opened.on('data', onData);
    opened.on('error', (error) => settle?.reject(error));
    opened.on('close', () => {
      if (socket !== opened) return;
      socket = undefined;
      settle?.reject(new Error('The connection was closed before the answer.'));
    });
    return opened;
  };
  return {
    ask(request) {
      socket ??= open();
      const current = socket;
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        current.cork();
        for (const piece of request) current.write(piece);
        current.uncork();
      });
    },
    close: drop,
  };
}

interface Progress {
  head: string | undefined;
  status: number;
  length: number;
  bytes: number;
  closes: boolean;
}

function startOfAnswer(): Progress {
  return { head: '', status: 0, length: 0, bytes: 0, closes: false };
}

/** @returns whether the answer is complete. Answers are as long as they say; nobody here sends chunks. */
function readOn(progress: Progress, chunk: Buffer): boolean {
  let body = chunk.length;
  if (progress.head !== undefined) {
    const head = progress.head + chunk.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) {
      progress.head = head;
      return false;
    }
    body = head.length - end - 4;
    const text = head.slice(0, end);
    progress.head = undefined;
    progress.status = Number(text.slice(9, 12));
    progress.length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
    progress.closes = /^connection: *close/im.test(text);
  }
  progress.bytes += body;
  return progress.bytes >= progress.length;
}
