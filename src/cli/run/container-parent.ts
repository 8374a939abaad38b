import type { Readable } from 'node:stream';

/** What is left to a container's process whose parent is gone: its checkpoint and nothing else is of use to anybody. */
const patienceMs = 5000;

export interface ParentWatch {
  /** Aborted when standard input ends. */
  readonly signal: AbortSignal;
  close(): void;
}

/**
 * Whoever started this process holds its standard input open; when that ends, so does the work, and after five seconds the process
 * whether it is done or not. Only for processes that tell events: in `docker run` standard input is /dev/null.
 */
export function watchParent(input: Readable, exit: (code: number) => void): ParentWatch {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const gone = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    timer = setTimeout(() => exit(143), patienceMs);
    timer.unref();
  };
  input.on('end', gone);
  input.on('close', gone);
  input.on('error', gone);
  input.resume();
  return {
    signal: controller.signal,
    close() {
      input.off('close', gone);
      clearTimeout(timer);
      input.destroy();
    },
  };
}
