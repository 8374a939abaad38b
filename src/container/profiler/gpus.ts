import { type ChildProcess, execFile } from 'node:child_process';
import type { SystemSample } from '../../rules/index.ts';

type Gpus = SystemSample['gpu'];

export interface GpuWatch {
  /** The newest that is known. */
  latest(): Gpus;
  /** Looks again, if the last look is long enough ago. */
  refresh(now: number): void;
  stop(): void;
}

/** nvidia-smi takes some 50 ms of a core, so it is asked seldom, whatever the interval of the samples. */
const refreshMs = 2000;
const timeoutMs = 5000;
const query = ['--query-gpu=utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'];

/** Utilisation of NVIDIA's GPUs from nvidia-smi. Where it is not installed, or fails, there are none and it is not asked again. */
export function watchGpus(program: string): GpuWatch {
  let asked: ChildProcess | undefined;
  let gpus: Gpus = [];
  let asking = false;
  let gone = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    latest: () => gpus,
    refresh(now) {
      if (gone || asking || now - askedAt < refreshMs) return;
      [asking, askedAt] = [true, now];
      const options = { timeout: timeoutMs, killSignal: 'SIGKILL', windowsHide: true } as const;
      asked = execFile(program, query, options, (error, output) => {
        asking = false;
        gone = error !== null;
        gpus = error === null ? parseGpus(output) : [];
      });
    },
    stop() {
      gone = true;
      // A program that could not be started has the process id 0 inside Node, and a signal to 0 goes to our whole process group.
      if (asking && asked?.pid !== undefined) asked.kill('SIGKILL');
    },
  };
}

/** Lines such as `37, 1024, 16384`; a figure that a GPU does not tell is `[N/A]` and counts as 0. */
function parseGpus(output: string): Gpus {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [utilization = 0, used = 0, total = 0] = line.split(',').map((text) => Number(text.trim()) || 0);
    return { utilization, memory: total > 0 ? (used / total) * 100 : 0 };
  });
}
