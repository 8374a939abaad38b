/** Callers in a process of their own. Requests are signed before the clock runs, so what is timed is the server and the way to it. */
import { randomFillSync } from 'node:crypto';
import { type Keys, signed } from '../../test/server/signing.ts';
import { openConnection } from './connection.ts';

export interface Load {
  readonly url: string;
  readonly keys: Keys;
  readonly method: 'PUT' | 'GET';
  /** Bytes of each body. */
  readonly size: number;
  readonly requests: number;
  /** So many keys in turn. */
  readonly keysInTurn: number;
  /** At once. */
  readonly clients: number;
  /** Whether the signature covers the body. Default true, as clients do over plain HTTP. */
  readonly signedBody?: boolean;
}

export interface LoadResult {
  /** Milliseconds of each answer. */
  readonly times: readonly number[];
  /** From the first request to the last answer. */
  readonly milliseconds: number;
  readonly failures: number;
}

/** Requests are made so many at a time, as each holds its body. */
const maximumHeld = 256 << 20;

async function requestOf(load: Load, index: number): Promise<Uint8Array[]> {
  const { url, keys, method, size, keysInTurn, signedBody = true } = load;
  const { host } = new URL(url);
  // Bodies differ, so that no server can know one already.
  const body = method === 'PUT' ? randomFillSync(Buffer.allocUnsafe(size)) : Buffer.alloc(0);
  const target = `/bench/${size}/${String(index % keysInTurn).padStart(6, '0')}`;
  const length = method === 'PUT' ? { 'content-length': String(size) } : {};
  const request = { method, target, headers: { host, ...length }, body };
  const payload = signedBody ? {} : { payload: 'UNSIGNED-PAYLOAD' };
  const { headers } = await signed(request, { keys, service: 's3', ...payload });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return [Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1'), body];
}

async function run(load: Load): Promise<LoadResult> {
  if (load.method === 'PUT' && load.size * load.requests > maximumHeld) throw new RangeError('Too much to hold.');
  const requests: Uint8Array[][] = [];
  for (let index = 0; index < load.requests; index++) requests.push(await requestOf(load, index));
  const times: number[] = [];
  let failures = 0;
  let next = 0;
  const start = performance.now();
  const caller = async (): Promise<void> => {
    const connection = openConnection(load.url);
    while (next < requests.length) {
      const request = requests[next++]!;
      const began = performance.now();
      const { status, bytes } = await connection.ask(request);
      times.push(performance.now() - began);
      if (status !== 200 || (load.method === 'GET' && bytes !== load.size)) failures++;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: load.clients }, caller));
  return { times, milliseconds: performance.now() - start, failures };
}

process.on('disconnect', () => process.exit());
process.on('message', (load: Load) => {
  run(load).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${(error as Error).stack}\n`);
      process.exit(1);
    },
  );
});
