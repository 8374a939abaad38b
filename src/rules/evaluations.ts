import { type ConfiguredRule, createRule, type ReadRule } from './configuration.ts';
import { sentencesOf } from './findings.ts';
import type { ProfileRecord, TrainingRecord } from './records.ts';
import type { Finding, RuleAction, RuleContext, RuleEvaluation, RuleKind, RulePart, RuleStatus } from './rule.ts';
import { createSeen } from './seen-steps.ts';

/** Something about a rule changed: its status, or what it found. */
export interface RuleChange {
  /** RuleConfigurationName. */
  readonly configuration: string;
  readonly status: RuleStatus;
  /** StatusDetails: the newest finding in words, or why there is none. */
  readonly details?: string;
  /** What is new. */
  readonly findings: readonly Finding[];
  /** What the job is asked to do, told once: at the first finding. */
  readonly action?: RuleAction;
}

/** How a rule stands. */
export interface RuleState {
  readonly configuration: string;
  /** `VanishingGradient`. */
  readonly rule: string;
  readonly kind: RuleKind;
  readonly status: RuleStatus;
  readonly details?: string;
  /** All of them so far; the first of each subject and one that sums up its repetitions. */
  readonly findings: readonly Finding[];
  /** The first step that a debugger rule saw, in this attempt at the job or an earlier one. Absent before there is one. */
  readonly firstStep?: number | undefined;
  /** Of ProfilerReport: the rules that it runs. */
  readonly parts?: readonly RulePart[];
}

/** What an earlier attempt at the same job left of a rule. */
export type EarlierState = Pick<RuleState, 'configuration' | 'rule' | 'findings' | 'firstStep'>;

/** Rules at work on one job. Each method returns what it changed. */
export interface Evaluations {
  /** All rules are in progress from here on, except those that can't be. */
  start(): readonly RuleChange[];
  /** The job goes on after an interruption: what its rules had found stays found, and is asked for as it was then. Once more adds what is new. */
  recall(earlier: readonly EarlierState[]): readonly RuleChange[];
  observe(record: TrainingRecord | ProfileRecord): readonly RuleChange[];
  /** To be called every few seconds, with seconds since 1970. */
  tick(now: number): readonly RuleChange[];
  /** Training is over: rules say whether they found something. */
  finish(): readonly RuleChange[];
  /** Training was stopped from outside: rules that found nothing have not seen the end. */
  stop(): readonly RuleChange[];
  states(): readonly RuleState[];
}

/** Most findings that are kept of one rule; those that follow are still told as changes. */
const mostFindings = 200;

/**
 * @param rules what readRuleConfiguration made of the job's configurations. One with a problem has the status Error from the start.
 */
export function createEvaluations(
  rules: readonly { readonly configuration: string; readonly kind: RuleKind; readonly read: ReadRule }[],
  context: RuleContext,
): Evaluations {
  const runs = rules.map(({ configuration, kind, read }) => createRun({ configuration, kind, read, context }));
  const each = (act: (run: Run) => RuleChange | undefined) => runs.map(act).filter((change) => change !== undefined);
  return {
    start: () => each((run) => run.start()),
    recall: (earlier) => each((run) => run.recall(earlier)),
    observe: (record) => each((run) => run.judge((rule) => rule.observe(record), record)),
    tick: (now) => each((run) => run.judge((rule) => rule.tick(now))),
    finish: () => each((run) => run.end('NoIssuesFound')),
    stop: () => each((run) => run.end('Stopped')),
    states: () => runs.map((run) => run.state()),
  };
}

interface Run {
  start(): RuleChange;
  recall(earlier: readonly EarlierState[]): RuleChange | undefined;
  judge(
    look: (rule: RuleEvaluation) => readonly Finding[],
    record?: TrainingRecord | ProfileRecord,
  ): RuleChange | undefined;
  end(status: 'NoIssuesFound' | 'Stopped'): RuleChange | undefined;
  state(): RuleState;
}

interface RunOptions {
  readonly configuration: string;
  readonly kind: RuleKind;
  readonly read: ReadRule;
  readonly context: RuleContext;
}

function createRun({ configuration, kind, read, context }: RunOptions): Run {
  const rule: ConfiguredRule | undefined = 'rule' in read ? read.rule : undefined;
  const kept: Finding[] = [];
  const told = new Set<string>();
  const seen = createSeen();
  let evaluation: RuleEvaluation | undefined;
  let status: RuleStatus = 'InProgress';
  let details: string | undefined;
  let over = false;

  const change = (findings: readonly Finding[], action?: RuleAction): RuleChange => ({
    configuration,
    status,
    ...(details !== undefined && { details }),
    findings,
    ...(action && { action }),
  });
  const fail = (reason: string): RuleChange => {
    [status, details, over, evaluation] = ['Error', reason, true, undefined];
    return change([]);
  };
  const take = (found: readonly Finding[]): RuleChange | undefined => {
    // A restarted job repeats the steps since its checkpoint, and what is found there, to the letter.
    const findings = found.filter((finding) => told.size < told.add(JSON.stringify(finding)).size);
    const newest = findings.at(-1);
    if (!newest) return undefined;
    const first = status !== 'IssuesFound';
    [status, details] = ['IssuesFound', newest.message];
    kept.push(...findings.slice(0, mostFindings - kept.length));
    return change(findings, first ? rule?.action : undefined);
  };
  const attempt = (look: (rule: RuleEvaluation) => readonly Finding[]): RuleChange | undefined => {
    if (over || !evaluation) return undefined;
    try {
      return take(look(evaluation));
    } catch (error) {
      return fail(`The rule failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  return {
    start() {
      if (!rule) return fail('problem' in read ? read.problem : '');
      try {
        evaluation = createRule(rule, context);
      } catch (error) {
        return fail(`The rule could not start: ${error instanceof Error ? error.message : String(error)}`);
      }
      return change([]);
    },
    recall(earlier) {
      const before = earlier.find((one) => one.configuration === configuration && one.rule === rule?.definition.name);
      if (over || !before) return undefined;
      seen.recall(before);
      const taken = take(before.findings);
      // Whoever hears of changes has been told of them.
      return taken && { ...taken, findings: [] };
    },
    judge(look, record) {
      if (record !== undefined && kindOf(record) !== kind) return undefined;
      if (record?.kind === 'step') seen.add(record.step);
      return attempt(look);
    },
    end(outcome) {
      if (over) return undefined;
      const last = attempt((running) => running.finish());
      if (over) return last;
      over = true;
      if (status === 'IssuesFound') return last;
      const notes = [evaluation?.note?.(), seen.note()].filter((note) => note !== undefined);
      [status, details] = [outcome, notes.length > 0 ? notes.join(' ') : undefined];
      return change([]);
    },
    state: () => ({
      ...(evaluation?.parts && { parts: evaluation.parts().map((part) => withEarlier(part, kept)) }),
      configuration,
      rule: rule?.definition.name ?? 'unknown',
      kind,
      status,
      ...(details !== undefined && { details }),
      findings: kept,
      firstStep: seen.firstStep(),
    }),
  };
}

/** Findings of a part that an earlier attempt made are among those of its whole. */
function withEarlier(part: RulePart, kept: readonly Finding[]): RulePart {
  const findings = kept.filter(({ rule }) => rule === part.rule);
  const details = findings.length > 0 ? sentencesOf(findings) : part.details;
  return { rule: part.rule, findings, ...(details !== undefined && { details }) };
}

function kindOf(record: TrainingRecord | ProfileRecord): RuleKind {
  return record.kind === 'system' || record.kind === 'phase' || record.kind === 'timing' ? 'profiler' : 'debugger';
}
