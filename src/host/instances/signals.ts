import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { livesInGroup, parentOf } from './process-identity.ts';

/** SIGKILL to all of the group that a process leads or led. */
export function killGroup(leader: number): void {
  sendSignal(-leader, 'SIGKILL');
}

export function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has just ended.
  }
}

/** On Linux. */
export function childrenOf(parent: number): readonly number[] {
  return processIds().filter((pid) => parentOf(pid) === parent);
}

/** On Linux. */
export function processIds(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** A process that is killed goes within milliseconds, unless a disk keeps it. */
const patienceMilliseconds = 5_000;

/** Resolves when all of a group that was killed have ended; some may have nobody who asks how. */
export async function groupGone(leader: number): Promise<void> {
  const deadline = performance.now() + patienceMilliseconds;
  while (isThere(leader) && performance.now() < deadline) await delay(5);
}

function isThere(leader: number): boolean {
  try {
    process.kill(-leader, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || processIds().some((pid) => livesInGroup(pid, leader));
}
