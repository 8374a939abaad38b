export { type Clock, wallClock } from './clock.ts';
export { createJournal, type Journal, type JournalEntry } from './journal.ts';
export { createScheduler, type RecurringTask, type Scheduler } from './scheduler.ts';
