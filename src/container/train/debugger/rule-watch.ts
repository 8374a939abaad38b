import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createEvaluations,
  type ProfileRecord,
  type RuleChange,
  type RuleState,
  type TrainingRecord,
} from '../../../rules/index.ts';
import type { InstanceEvent } from '../../events.ts';
import type { Log } from '../training-log.ts';
import type { AskedRule } from './rules-config.ts';

export interface RuleWatchOptions {
  readonly rules: readonly AskedRule[];
  readonly hosts: readonly string[];
  /** output/rules: NAME.json for each rule. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  readonly tell: (event: InstanceEvent) => void;
  /** A rule's action asks for the end of training; called at most once. */
  readonly onStop: (rule: string) => void;
}

export interface RuleWatch {
  observe(record: TrainingRecord | ProfileRecord): void;
  /** Training is over: statuses become final and are written. `seen` to its end, or it was cut off. */
  end(seen: boolean): void;
  states(): readonly RuleState[];
}

/** How often rules hear that time goes by. */
const tickMs = 5000;

/** Rules at work beside a training: their changes go to the log, to whoever started the job, and into files. */
export function watchRules(options: RuleWatchOptions): RuleWatch {
  const { rules, hosts, folder, now, log, tell } = options;
  const evaluations = createEvaluations(rules, { hosts, startedAt: now() / 1000 });
  let stopped = false;
  let over = false;
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
  };
  take(evaluations.start());
  const timer = setInterval(() => take(evaluations.tick(now() / 1000)), tickMs);
  timer.unref();
  return {
    observe(record) {
      if (!over) take(evaluations.observe(record));
    },
    end(seen) {
      if (over) return;
      over = true;
      clearInterval(timer);
      take(seen ? evaluations.finish() : evaluations.stop());
      writeStates(evaluations.states(), { folder, log });
    },
    states: () => evaluations.states(),
  };
}

/** The names of DescribeTrainingJob's RuleEvaluationStatuses, with the findings beside. */
function writeStates(states: readonly RuleState[], { folder, log }: { folder: string; log: Log }): void {
  try {
    if (states.length > 0) mkdirSync(folder, { recursive: true });
    for (const { configuration, rule, status, details, findings } of states) {
      const content = {
        RuleConfigurationName: configuration,
        Rule: rule,
        RuleEvaluationStatus: status,
        ...(details !== undefined && { StatusDetails: details }),
        Findings: findings,
      };
      writeFileSync(join(folder, `${fileName(configuration)}.json`), `${JSON.stringify(content, null, 2)}\n`);
    }
  } catch (error) {
    log(`The findings of rules cannot be written to ${folder}: ${(error as Error).message}`);
  }
}

/** RuleConfigurationName may be any text of 256 characters. */
export function fileName(configuration: string): string {
  return configuration.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');
}
