export { type Clock, wallClock } from './clock.ts';
export type { Instance, InstanceExit, InstanceHost, InstanceSpec, Isolation } from './instances/instance.ts';
export { createJournal, type Journal, type JournalEntry } from './journal.ts';
export { createScheduler, type RecurringTask, type Scheduler } from './scheduler.ts';
