import type { Database } from '../../../store/index.ts';
import type { SageMakerState } from '../state.ts';
import type { JobEvent } from './instance/read-event.ts';

type RuleEvent = Extract<JobEvent, { type: 'rule' }>;

/** What instances say of rules, on its way to the statuses in DescribeTrainingJob. */
export interface RuleFeed {
  tell(event: RuleEvent): void;
  /** Everything so far is on the disk when it returns. @throws StoreFault. */
  flush(): void;
}

/** A commit waits for the disk, and an instance may tell thousands of statuses a second: those of this time share one. */
const milliseconds = 200;

/** @param onTrouble When what was told cannot be written down. */
export function createRuleFeed(
  job: number,
  { database, clock }: Pick<SageMakerState, 'database' | 'clock'>,
  onTrouble: (error: unknown) => void,
): RuleFeed {
  const known = new Set(
    database
      .all<{ configuration: string }>('SELECT configuration FROM training_rules WHERE job = ?', job)
      .map(({ configuration }) => configuration),
  );
  const waiting = new Map<string, RuleEvent>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const events = [...waiting.values()];
    waiting.clear();
    if (events.length === 0) return;
    database.transaction(() => {
      for (const event of events) recordRule(job, event, { database, now: clock.now() });
    });
  };
  return {
    flush,
    tell(event) {
      const { configuration } = event;
      if (!known.has(configuration)) return;
      waiting.set(configuration, { ...event, details: event.details ?? waiting.get(configuration)?.details });
      timer ??= setTimeout(() => {
        try {
          flush();
        } catch (error) {
          onTrouble(error);
        }
      }, milliseconds);
    },
  };
}

/** What was found stays found: a restarted job that has not come to it again, or never will, takes nothing back. */
function recordRule(
  job: number,
  { configuration, status, details }: RuleEvent,
  { database, now }: { readonly database: Database; readonly now: Date },
): void {
  database.run(
    `UPDATE training_rules SET status = ?, details = COALESCE(?, details), modified = ?
     WHERE job = ? AND configuration = ? AND (status <> 'IssuesFound' OR ? IN ('IssuesFound', 'Error'))`,
    ...[status, details ?? null, now.getTime(), job, configuration, status],
  );
}

/** Rules that were at work when the job ended will not come to a result: AWS calls them stopped. */
export function endRules(job: number, { database, now }: { readonly database: Database; readonly now: Date }): void {
  database.run(
    `UPDATE training_rules SET status = 'Stopped', modified = ? WHERE job = ? AND status IN ('InProgress', 'Stopping')`,
    ...[now.getTime(), job],
  );
}

/** A restarted job goes on judging by its rules; what they have found stays. */
export function restartRules(
  job: number,
  { database, now }: { readonly database: Database; readonly now: Date },
): void {
  database.run(
    `UPDATE training_rules SET status = 'InProgress', details = NULL, modified = ? WHERE job = ? AND status <> 'IssuesFound'`,
    ...[now.getTime(), job],
  );
}
