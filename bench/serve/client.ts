/** Callers: as many at once as told, each sending its next photo when the last one is answered, over kept connections. */
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';

export interface LoadResult {
  /** Answers per second. */
  readonly rate: number;
  /** Milliseconds of each, in the order of arrival. */
  readonly times: readonly number[];
  readonly errors: number;
}

interface Load {
  readonly url: string;
  readonly concurrency: number;
  readonly milliseconds: number;
}

let photos: readonly Buffer[] = [];

function send(url: string, agent: Agent, body: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'image/jpeg', 'content-length': body.length };
    const outgoing = request(`${url}/invocations`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200));
    });
    outgoing.on('error', () => resolve(false));
    outgoing.end(body);
  });
}

async function load({ url, concurrency, milliseconds }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const times: number[] = [];
  let errors = 0;
  let next = 0;
  const start = performance.now();
  const caller = async (): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      const began = performance.now();
      if (await send(url, agent, photos[next++ % photos.length]!)) times.push(performance.now() - began);
      else errors += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { rate: times.length / seconds, times, errors };
}

process.on('disconnect', () => process.exit());
process.once('message', async (paths: readonly string[]) => {
  photos = await Promise.all(paths.map((path) => readFile(path)));
  process.on('message', async (asked: Load) => process.send?.(await load(asked)));
  process.send?.('ready');
});
