import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadProc } from './proc-files.ts';

/** What one process has used since it started. */
export interface ProcessUse {
  /** Process id and start time: ids come round again. */
  readonly key: string;
  /** CPU time in seconds. */
  readonly cpu: number;
  /** Bytes in memory now; pages that processes share count in each. */
  readonly memory: number;
  /** Bytes that went to and came from storage. */
  readonly read: number;
  readonly written: number;
}

/** Clock ticks are hundredths of a second wherever Node runs on Linux (USER_HZ). */
const ticksPerSecond = 100;

/** More descendants than an instance has; a guard against a tree that changes while it is walked. */
const mostProcesses = 1000;

/** The process and all its descendants. Empty where /proc tells nothing of it. */
export function readProcessTree(proc: string, read: ReadProc, pid: number): ProcessUse[] {
  const found: ProcessUse[] = [];
  const waiting = [String(pid)];
  for (let next = waiting.pop(); next !== undefined && found.length < mostProcesses; next = waiting.pop()) {
    const use = readProcess(read, next);
    if (!use) continue;
    found.push(use);
    waiting.push(...childrenOf(proc, read, next));
  }
  return found;
}

/** proc_pid_stat(5): the name may hold spaces and brackets, so fields are counted from the last bracket on. */
function readProcess(read: ReadProc, pid: string): ProcessUse | undefined {
  const stat = read(pid, 'stat');
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system, started] = [Number(fields[11]), Number(fields[12]), fields[19]];
  const kilobytes = Number(read(pid, 'status')?.match(/^VmRSS:\s*(\d+)/m)?.[1] ?? 0);
  const io = read(pid, 'io');
  return {
    key: `${pid}/${started}`,
    cpu: (user + system) / ticksPerSecond,
    memory: kilobytes * 1024,
    read: Number(io?.match(/^read_bytes: (\d+)/m)?.[1] ?? 0),
    written: Number(io?.match(/^write_bytes: (\d+)/m)?.[1] ?? 0),
  };
}

/** A child belongs to the thread that started it. */
function childrenOf(proc: string, read: ReadProc, pid: string): string[] {
  return threadsOf(join(proc, pid, 'task')).flatMap((thread) =>
    (read(pid, 'task', thread, 'children') ?? '').split(' ').filter((child) => /^\d+$/.test(child)),
  );
}

function threadsOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
