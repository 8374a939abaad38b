import { type ChildProcess, fork } from 'node:child_process';
import * as nodeModule from 'node:module';
import { dirname } from 'node:path';
import type { FromWorker, ToWorker } from './protocol.ts';

/** The end of what a worker wrote to stderr that an error repeats. */
const stderrBytes = 500;

export interface WorkerProcess {
  send(message: ToWorker): void;
  /** At once and for good: nothing is heard of it any more. */
  kill(): void;
}

export interface WorkerListeners {
  readonly onMessage: (message: FromWorker) => void;
  /** It ended without being told to. `reason` is for people: exit code or signal, and its last words. */
  readonly onDeath: (reason: string) => void;
}

/**
 * Starts a worker from `file`. It gets an environment of its own: pictures from anywhere are decoded where there are no
 * credentials to steal, and no NODE_OPTIONS of the user change how it works.
 */
export function startWorker(file: URL, { onMessage, onDeath }: WorkerListeners): WorkerProcess {
  const child: ChildProcess = fork(file, [], {
    serialization: 'advanced',
    execArgv: [],
    env: { UV_THREADPOOL_SIZE: '4', ...compileCache() },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let over = false;
  let lastWords = '';
  const die = (reason: string): void => {
    if (over) return;
    over = true;
    child.kill('SIGKILL');
    onDeath(lastWords.trim() ? `${reason}: ${lastWords.trim()}` : reason);
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-stderrBytes);
  });
  child.on('message', (message) => {
    if (!over) onMessage(message as FromWorker);
  });
  child.on('error', (error) => die(error.message));
  child.on('close', (code, signal) => die(signal ? `killed by ${signal}` : `exit code ${code}`));
  return {
    // A send to a process that has just died fails; its death is told by 'close'.
    send: (message) => void child.send(message, () => {}),
    kill: () => {
      over = true;
      child.kill('SIGKILL');
    },
  };
}

/** Where this process keeps compiled modules (Node 22.8 and newer), workers do so too: they start in half the time. */
function compileCache(): Record<string, string> {
  const directory = nodeModule.getCompileCacheDir?.();
  return directory ? { NODE_COMPILE_CACHE: dirname(directory) } : {};
}
