import { fork } from 'node:child_process';
import { once } from 'node:events';
import { callerOf } from '../../test/server/client.ts';
import type { Load, LoadResult } from './client.ts';
import type { Running } from './servers.ts';

/** A process that sends what it is told. */
export interface Caller {
  send(load: Load): Promise<LoadResult>;
  stop(): void;
}

export function startCaller(): Caller {
  const child = fork(new URL('./client.ts', import.meta.url), [], { execArgv: [], serialization: 'advanced' });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the client ended with ${code}`);
  });
  ended.catch(() => undefined);
  return {
    async send(load) {
      const answer = once(child, 'message');
      child.send(load);
      return (await Promise.race([answer, ended]))[0] as LoadResult;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** Bucket `bench`, of which the bare server knows nothing. */
export async function makeBucket({ name, url, keys }: Running): Promise<void> {
  if (name === 'bare') return;
  const { status, text } = await callerOf(url, keys).s3('PUT', '/bench');
  if (status !== 200) throw new Error(text);
}
