import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How far the clocks of processes and of the wall may differ, in milliseconds: the kernel counts in ticks from a boot time in whole seconds. */
const tolerance = 2_000;

/**
 * Whether the process that had this id at `since` still lives. Ids are used again, so one that started later is somebody else's and
 * must not be signalled.
 */
export function livesSince(pid: number, since: Date): boolean {
  if (!isAlive(pid)) return false;
  const started = startOf(pid);
  return started === undefined || started.getTime() <= since.getTime() + tolerance;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Has ended, but whoever started it has not asked how: containers without an init keep such. */
function isZombie(pid: number): boolean {
  return statOf(pid)?.[0] === 'Z';
}

/** Fields of /proc/PID/stat from the third on: the second, the name, may hold spaces and parentheses. See proc(5). */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Linux counts in hundredths of a second for programs, whatever the kernel's own tick (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;

/** @returns undefined where the system does not tell. */
function startOf(pid: number): Date | undefined {
  const ticks = Number(statOf(pid)?.[19]);
  if (Number.isFinite(ticks)) {
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1]);
    return Number.isFinite(boot) ? new Date((boot + ticks / ticksPerSecond) * 1000) : undefined;
  }
  try {
    // macOS has no /proc.
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const time = Date.parse(text.trim());
    return Number.isNaN(time) ? undefined : new Date(time);
  } catch {
    return undefined;
  }
}
