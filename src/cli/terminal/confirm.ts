import { createInterface } from 'node:readline/promises';

/** Asks on the terminal. Only a yes counts; the end of input and Ctrl-C are none. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  reader.once('close', () => closed.abort());
  reader.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const answer = await reader.question(`${question} [y/N] `, { signal: AbortSignal.any([signal, closed.signal]) });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (closed.signal.aborted && !signal.aborted) return false;
    throw error;
  } finally {
    reader.close();
  }
}
