import type { RuleState } from '../evaluations.ts';
import type { Profile } from './profile.ts';

/** All that a profiler report is made of. */
export interface ProfilerReportData {
  readonly job: ReportedJob;
  readonly profile: Profile;
  /** The job's rules as they stand at the end, `evaluations.states()`. */
  readonly rules: readonly RuleState[];
}

export interface ReportedJob {
  /** TrainingJobName. */
  readonly name: string;
  /** `Completed`, `Stopped`, `Failed`. */
  readonly status: string;
  /** Seconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** `algo-1`, `algo-2`: the first is the leader. */
  readonly hosts: readonly string[];
  /** ProfilingIntervalInMilliseconds. */
  readonly intervalMs: number;
  /** Further lines of the summary: instance type, pictures, epochs. */
  readonly facts?: readonly { readonly name: string; readonly value: string }[];
}

export const profilerReportFormat = 'whippet.profiler-report/1';
