/** Debugger and profiler rules: from recorded steps and samples to findings. Pure. */
export type {
  EpochSummary,
  InputRecord,
  PhaseRecord,
  ProfileRecord,
  StepRecord,
  SystemSample,
  TensorCollection,
  TensorRecord,
  TensorSummary,
  TrainingRecord,
} from './records.ts';
export type { Finding, RuleAction, RuleConfiguration, RuleEvaluation, RuleStatus } from './rule.ts';
