import type { ProfileRecord, TrainingRecord } from './records.ts';

/** What a rule found. */
export interface Finding {
  /** Name of the rule: `VanishingGradient`. */
  readonly rule: string;
  /** Step at which it held, where it is about steps. */
  readonly step?: number;
  /** Seconds since 1970, where it is about time. */
  readonly time?: number;
  /** Name of the tensor, where it is about one. */
  readonly tensor?: string;
  /** What was measured, and what it was held against. */
  readonly value: number;
  readonly threshold: number;
  /** One sentence for people: what happened, with the value; and what to do. */
  readonly message: string;
  readonly advice: string;
}

/** As in DescribeTrainingJob. */
export type RuleStatus = 'InProgress' | 'NoIssuesFound' | 'IssuesFound' | 'Error' | 'Stopping' | 'Stopped';

/** What a job does when a rule fires: Debugger's built-in actions of these names. */
export type RuleAction = 'stop-training';

/** Debugger rules judge what is trained (DebugRuleConfigurations), profiler rules the machine (ProfilerRuleConfigurations). */
export type RuleKind = 'debugger' | 'profiler';

/** A rule at work on one job: keeps what it needs of what it saw, in bounded memory. Never throws on records. */
export interface RuleEvaluation {
  /** @returns what is newly found. */
  observe(record: TrainingRecord | ProfileRecord): readonly Finding[];
  /** Time went by without a record. `now` in seconds since 1970. */
  tick(now: number): readonly Finding[];
  /** Nothing more will come. */
  finish(): readonly Finding[];
  /** Why it could not judge, if it could not ("saw 37 of the 1000 samples that it waits for"), or what it measured. */
  note?(): string | undefined;
  /** Of a rule that runs others: how each of them stands. */
  parts?(): readonly RulePart[];
}

/** One of the rules that ProfilerReport runs. */
export interface RulePart {
  /** `CPUBottleneck`. */
  readonly rule: string;
  readonly details?: string;
  readonly findings: readonly Finding[];
}

/** A rule as a job asks for it: one of DebugRuleConfigurations or ProfilerRuleConfigurations. */
export interface RuleConfiguration {
  /** RuleConfigurationName. */
  readonly name: string;
  /** RuleParameters: `rule_to_invoke` and the rule's own, as text. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a rule is told of its job. */
export interface RuleContext {
  /** `algo-1`, `algo-2`. */
  readonly hosts: readonly string[];
  /** Seconds since 1970. */
  readonly startedAt: number;
}
