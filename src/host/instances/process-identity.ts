/** Ids of processes are used again: what tells a process from another that had or gets the same id. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Of a process that lives: on Linux the boot and the tick in which it started, elsewhere the second.
 * @returns undefined when there is no such process, or it has ended and nobody has asked how.
 */
export function processIdentity(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const fields = statOf(pid);
    if (fields === undefined || hasEnded(fields)) return undefined;
    return `${bootId()} ${fields[startField]}`;
  }
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    });
    const [, state = '', started = ''] = /^(\S+)\s+(.*\S)\s*$/.exec(text.trim()) ?? [];
    return started === '' || state.startsWith('Z') ? undefined : started;
  } catch {
    return undefined;
  }
}

/** On Linux. @returns undefined when there is no such process. */
export function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)?.[parentField];
  return parent === undefined ? undefined : Number(parent);
}

/** On Linux: whether the process is of the group and has not ended. */
export function livesInGroup(pid: number, leader: number): boolean {
  const fields = statOf(pid);
  return fields !== undefined && Number(fields[groupField]) === leader && !hasEnded(fields);
}

/** A zombie: whoever started it has not asked how it ended, and in a container without an init nobody may ever. */
function hasEnded([state]: readonly string[]): boolean {
  return state === 'Z' || state === 'X';
}

const parentField = 1;
const groupField = 2;
/** Place of `starttime`, counted from the third field. */
const startField = 19;

/** Fields of /proc/PID/stat from the third on: the second, the name, may hold spaces and parentheses. See proc(5). */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Ticks count from the boot, so they are the same after the next one. */
function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}
