import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process that answers each message with one message. */
export interface Child {
  ask<T>(message: unknown): Promise<T>;
  stop(): void;
}

export function startChild(name: 'server' | 'bare' | 'client'): Child {
  const child: ChildProcess = fork(new URL(`./${name}.ts`, import.meta.url), [], {
    execArgv: [],
    serialization: 'advanced',
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the ${name} ended with ${code}`);
  });
  ended.catch(() => undefined);
  return {
    async ask<T>(message: unknown): Promise<T> {
      const answer = once(child, 'message');
      child.send(message as object);
      return (await Promise.race([answer, ended]))[0] as T;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}
