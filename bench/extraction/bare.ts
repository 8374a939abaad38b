import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { BareSpeed, BareTask } from './bare-worker.ts';

const file = new URL('./bare-worker.ts', import.meta.url);

/** The speed of `processes` that work side by side, each on one thread, nothing between them. */
export async function bareSpeed(task: BareTask, processes: number): Promise<BareSpeed> {
  const children = Array.from({ length: processes }, () => fork(file, [], { execArgv: [], serialization: 'advanced' }));
  try {
    await Promise.all(children.map((child) => tell(child, task)));
    const speeds = (await Promise.all(children.map((child) => tell(child, 'go')))) as BareSpeed[];
    return {
      rate: speeds.reduce((sum, { rate }) => sum + rate, 0),
      cpu: speeds.reduce((sum, { cpu }) => sum + cpu, 0) / processes,
    };
  } finally {
    // Their processor time counts as this process's once they have been waited for: it must not fall into the next measurement.
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
  }
}

async function tell(child: ChildProcess, message: BareTask | 'go'): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0];
}
