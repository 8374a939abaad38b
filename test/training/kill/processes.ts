/** Processes of jobs, as Linux tells of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface JobProcess {
  readonly pid: number;
  /** Clock ticks since the machine's start: an id that is used again is another process. */
  readonly started: string;
  /** Its program and arguments. */
  readonly command: string;
}

/**
 * Whatever the jobs of a state have running: instances by their arguments, and what they have started by the environment that they gave it.
 */
export function jobProcesses(state: string): JobProcess[] {
  const folder = join(state, 'sagemaker');
  return processIds().flatMap((pid) => {
    const command = textOf(pid, 'cmdline').replaceAll('\0', ' ');
    const belongs = command.includes(folder) || textOf(pid, 'environ').includes(folder);
    const started = startOf(pid);
    return belongs && started !== undefined ? [{ pid, started, command }] : [];
  });
}

export function isAlive({ pid, started }: JobProcess): boolean {
  return startOf(pid) === started;
}

/** An instance, and the host of which job it is. */
export interface InstanceProcess extends JobProcess {
  readonly job: string;
  /** `algo-1`. */
  readonly host: string;
}

/** Processes that are instances: the container, and bubblewrap around it. */
export function instancesAmong(processes: readonly JobProcess[]): InstanceProcess[] {
  return processes.flatMap((process) => {
    const [, job, host] =
      /container (?:train|serve) --root \S+\/([^/ ]+)-\d+\/(algo-\d+)\//.exec(process.command) ?? [];
    return job === undefined || host === undefined ? [] : [{ ...process, job, host }];
  });
}

function processIds(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}

/** Undefined for one that has ended, also where its parent has not asked about it yet. */
function startOf(pid: number): string | undefined {
  const fields = textOf(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}
