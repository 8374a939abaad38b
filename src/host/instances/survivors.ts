import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../store/index.ts';
import { processIdentity } from './process-identity.ts';
import { markVariable, type ProcessRecord, processRecords } from './process-records.ts';
import { killGroup, processIds, sendSignal } from './signals.ts';

/** A process that is killed goes within milliseconds, unless a disk keeps it. */
const patienceMilliseconds = 5_000;

/**
 * Kills what recorded processes have left: their groups where the leader is the one that was recorded, and (on Linux, where an environment
 * can be read) whatever carries the mark of one of them. Another process that got the same id meanwhile is left alone.
 * @param before Default: all that are recorded, for whoever has started none yet.
 * @returns how many of the recorded ones had left something.
 */
export async function endSurvivors(
  database: Database,
  before: readonly ProcessRecord[] = processRecords(database).all(),
): Promise<number> {
  const records = processRecords(database);
  if (before.length === 0) return 0;
  const found = new Set<string>();
  const deadline = performance.now() + patienceMilliseconds;
  // Again, as what is being killed may just have started another.
  for (let left = survivorsOf(before); left.length > 0; left = survivorsOf(before)) {
    for (const { mark, kill } of left) {
      found.add(mark);
      kill();
    }
    if (performance.now() > deadline) break;
    await delay(10);
  }
  for (const record of before) records.remove(record);
  return found.size;
}

interface Survivor {
  readonly mark: string;
  readonly kill: () => void;
}

function survivorsOf(records: readonly ProcessRecord[]): Survivor[] {
  const leaders = records
    .filter(({ pid, identity }) => processIdentity(pid) === identity)
    .map(({ pid, mark }) => ({ mark, kill: () => killGroup(pid) }));
  const marks = new Set(records.map(({ mark }) => mark));
  return [
    ...leaders,
    ...markedProcesses(marks).map(({ pid, mark }) => ({ mark, kill: () => sendSignal(pid, 'SIGKILL') })),
  ];
}

function markedProcesses(marks: ReadonlySet<string>): { readonly pid: number; readonly mark: string }[] {
  if (process.platform !== 'linux') return [];
  return processIds().flatMap((pid) => {
    const mark = markOf(pid);
    return mark !== undefined && marks.has(mark) && processIdentity(pid) !== undefined ? [{ pid, mark }] : [];
  });
}

function markOf(pid: number): string | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return variables.find((text) => text.startsWith(`${markVariable}=`))?.slice(markVariable.length + 1);
  } catch {
    // It has ended, or is another user's.
    return undefined;
  }
}
