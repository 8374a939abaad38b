import { cpus } from 'node:os';
import type { ReadProc } from './proc-files.ts';

/** Time that a core has spent since the machine started, in any one unit. */
export interface CoreTime {
  readonly busy: number;
  /** Waiting for the disk. */
  readonly waiting: number;
  readonly total: number;
}

/**
 * The cores that this process may run on, in their order. All that runs on them counts, not this instance alone.
 * proc_stat(5): user nice system idle iowait irq softirq steal. Time that a hypervisor took (steal) is neither busy nor idle.
 */
export function readCores(read: ReadProc): CoreTime[] {
  const lines = read('stat')?.match(/^cpu\d+ .*$/gm);
  if (!lines) return coresOfSystem();
  const allowed = allowedCores(read('self', 'status'));
  return lines.map(coreOf).flatMap(({ core, time }) => (!allowed || allowed.has(core) ? [time] : []));
}

function coreOf(line: string): { readonly core: number; readonly time: CoreTime } {
  const [label = '', ...texts] = line.split(' ');
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = texts.map(Number);
  const busy = user + nice + system + irq + softirq;
  return { core: Number(label.slice(3)), time: { busy, waiting: iowait, total: busy + idle + iowait + steal } };
}

/** `0-1,4` of Cpus_allowed_list; undefined where it is not told. */
function allowedCores(status: string | undefined): ReadonlySet<number> | undefined {
  const list = status?.match(/^Cpus_allowed_list:\s*(\S+)/m)?.[1];
  if (list === undefined) return undefined;
  const cores = list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return new Set(cores);
}

/** macOS has no /proc; Node asks it for the same times, but for the wait for disks. */
function coresOfSystem(): CoreTime[] {
  return cpus().map(({ times: { user, nice, sys, idle, irq } }) => {
    const busy = user + nice + sys + irq;
    return { busy, waiting: 0, total: busy + idle };
  });
}
