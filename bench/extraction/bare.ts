import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { BareTask } from './bare-worker.ts';

const file = new URL('./bare-worker.ts', import.meta.url);

/** Pictures per second of `processes` that work side by side, each on one thread, nothing between them. */
export async function bareRate(task: BareTask, processes: number): Promise<number> {
  const children = Array.from({ length: processes }, () => fork(file, [], { execArgv: [], serialization: 'advanced' }));
  try {
    await Promise.all(children.map((child) => tell(child, task)));
    const rates = await Promise.all(children.map((child) => tell(child, 'go')));
    return rates.reduce<number>((sum, message) => sum + (message as { rate: number }).rate, 0);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

async function tell(child: ChildProcess, message: BareTask | 'go'): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0];
}
