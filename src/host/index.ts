export { type Clock, wallClock } from './clock.ts';
export type { Instance, InstanceExit, InstanceHost, InstanceSpec, Isolation } from './instances/instance.ts';
export {
  createInstanceHost,
  type InstanceHostOptions,
  type LocalInstanceHost,
  type RunningInstance,
} from './instances/instance-host.ts';
export { probeSandbox, type SandboxProbe } from './instances/sandbox.ts';
export { endSurvivors } from './instances/survivors.ts';
export { createJournal, type Journal, type JournalEntry } from './journal.ts';
export { createScheduler, type RecurringTask, type Scheduler } from './scheduler.ts';
export { hostTables } from './tables.ts';
