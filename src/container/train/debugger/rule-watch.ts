import {
  createEvaluations,
  type ProfileRecord,
  type RuleChange,
  type RuleState,
  type TrainingRecord,
} from '../../../rules/index.ts';
import type { InstanceEvent } from '../../events.ts';
import type { Log } from '../training-log.ts';
import { readRuleFiles, writeRuleFiles } from './rule-files.ts';
import type { AskedRule } from './rules-config.ts';

export interface RuleWatchOptions {
  readonly rules: readonly AskedRule[];
  readonly hosts: readonly string[];
  /** output/rules: NAME.json for each rule. What an earlier attempt at the same job has left there still holds. */
  readonly folder: string;
  /** TRAINING_JOB_NAME. */
  readonly job: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  readonly tell: (event: InstanceEvent) => void;
  /** A rule's action asks for the end of training; called at most once. */
  readonly onStop: (rule: string) => void;
}

export interface RuleWatch {
  observe(record: TrainingRecord | ProfileRecord): void;
  /** What is found goes to this folder, too, from here on. What an earlier attempt at the same job has left there still holds. */
  keepIn(folder: string): void;
  /** Training is over: statuses become final and are written. `seen` to its end, or it was cut off. */
  end(seen: boolean): void;
  states(): readonly RuleState[];
}

/** How often rules hear that time goes by. */
const tickMs = 5000;

/** Rules at work beside a training: their changes go to the log, to whoever started the job, and into files. */
export function watchRules(options: RuleWatchOptions): RuleWatch {
  const { rules, hosts, folder, job, now, log, tell } = options;
  const evaluations = createEvaluations(rules, { hosts, startedAt: now() / 1000 });
  const folders = new Set([folder]);
  let stopped = false;
  let over = false;
  const write = (to: Iterable<string>, states: readonly RuleState[]): void => {
    for (const into of to) {
      try {
        writeRuleFiles(into, states, job);
      } catch (error) {
        log(`The findings of rules cannot be written to ${into}: ${(error as Error).message}`);
      }
    }
  };
  const take = (changes: readonly RuleChange[]): void => {
    for (const { configuration, status, details, findings, action } of changes) {
      tell({ type: 'rule', configuration, status, ...(details !== undefined && { details }), findings });
      for (const { message, advice } of findings) log(`Rule ${configuration}: ${message} ${advice}`);
      if (status === 'Error') log(`Rule ${configuration} cannot judge: ${details ?? 'unknown reason'}`);
      if (action !== 'stop-training' || stopped) continue;
      stopped = true;
      log(`Rule ${configuration} ends the training.`);
      options.onStop(configuration);
    }
    const found = changes.filter(({ findings }) => findings.length > 0).map(({ configuration }) => configuration);
    if (found.length === 0) return;
    const states = evaluations.states().filter(({ configuration }) => found.includes(configuration));
    write(folders, states);
  };
  const recall = (from: string): void => {
    const changes = evaluations.recall(readRuleFiles(from, job));
    take(changes);
    for (const { configuration, details } of changes) log(`Rule ${configuration}, before the restart: ${details}`);
  };
  take(evaluations.start());
  // Without a name there is no telling whether what lies there is of this job.
  if (job !== undefined) recall(folder);
  const timer = setInterval(() => take(evaluations.tick(now() / 1000)), tickMs);
  timer.unref();
  return {
    observe(record) {
      if (!over) take(evaluations.observe(record));
    },
    keepIn(beside) {
      if (folders.has(beside)) return;
      recall(beside);
      folders.add(beside);
      write([beside], evaluations.states());
    },
    end(seen) {
      if (over) return;
      over = true;
      clearInterval(timer);
      take(seen ? evaluations.finish() : evaluations.stop());
      write(folders, evaluations.states());
    },
    states: () => evaluations.states(),
  };
}
