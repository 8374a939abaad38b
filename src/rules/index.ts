/**
 * Debugger and profiler rules: from recorded steps and samples to findings. Pure: no clock, no files, no randomness; the same records
 * give the same findings.
 */
export { ruleCatalog } from './catalog.ts';
export { type ConfiguredRule, createRule, type ReadRule, readRuleConfiguration } from './configuration.ts';
export type { RuleDefinition } from './definition.ts';
export {
  createEvaluations,
  type EarlierState,
  type Evaluations,
  type RuleChange,
  type RuleState,
} from './evaluations.ts';
export type { ParameterDefinition } from './parameter.ts';
export { samplingIntervals } from './profiler/sampling-intervals.ts';
export { type RecordingNeeds, recordingNeeds } from './recording-needs.ts';
export type {
  EpochSummary,
  InputRecord,
  PhaseRecord,
  ProfileRecord,
  ProgressRecord,
  StepRecord,
  SystemSample,
  TensorCollection,
  TensorRecord,
  TensorSummary,
  TimingRecord,
  TrainingRecord,
} from './records.ts';
export { profilerReportJson } from './report/json.ts';
export { createProfile, type Profile, type ProfileCollector } from './report/profile.ts';
export { renderProfilerReport } from './report/render.ts';
export type { ProfilerReportData, ReportedJob } from './report/report-data.ts';
export type {
  Finding,
  RuleAction,
  RuleConfiguration,
  RuleContext,
  RuleEvaluation,
  RuleKind,
  RulePart,
  RuleStatus,
} from './rule.ts';
