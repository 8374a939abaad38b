import type { EngineEvent } from '../../../engine/index.ts';
import { createProfile, type ProfileRecord, type RuleState } from '../../../rules/index.ts';
import { startSampler } from '../../profiler/sampler.ts';
import type { Job } from '../container-training.ts';
import type { TrainingRequest } from '../request.ts';
import { writeProfilerReports } from './profiler-report.ts';

/** How a job ended, in the words of TrainingJobStatus. */
export type Outcome = 'Completed' | 'Stopped' | 'Failed';

export interface Profiling {
  /** A phase of the job is over. */
  add(record: ProfileRecord): void;
  /** Epochs of the engine become timings of their steps; `lastStep` is that of the epoch. */
  epoch(event: Extract<EngineEvent, { type: 'epoch' }>, lastStep: number): void;
  /** Once more does nothing. */
  stop(): void;
  /** After the rules are done. */
  report(outcome: Outcome, rules: readonly RuleState[]): void;
}

interface ProfilingOptions {
  readonly request: TrainingRequest;
  readonly job: Job;
  readonly samplingMs: number;
  readonly onRecord: (record: ProfileRecord) => void;
}

/** Looks at the machine and at the clock while a job works, for the profiler's rules and their report. */
export function startProfiling({ request, job, samplingMs, onRecord }: ProfilingOptions): Profiling {
  const { host, hosts, tree } = request;
  const { now, log, environment } = job;
  const startedAt = now() / 1000;
  const collected = createProfile();
  const add = (record: ProfileRecord): void => {
    collected.observe(record);
    onRecord(record);
  };
  const sampler = startSampler({ intervalMs: samplingMs, host, now, onSample: add });
  let stopped = false;
  let stepsBefore = 0;
  let seen: { readonly first: number; readonly last: number } | undefined;
  let last = { start: Number.NEGATIVE_INFINITY, seconds: 0 };
  return {
    add,
    epoch({ epoch, seconds = 0, ...event }, lastStep) {
      const steps = lastStep + 1 - stepsBefore;
      // After a resumption the steps before it are unknown: that epoch is not timed.
      const known = seen !== undefined || epoch.epoch === 1;
      stepsBefore = lastStep + 1;
      seen = { first: seen?.first ?? epoch.epoch, last: epoch.epoch };
      // The clock may have been set back meanwhile.
      const start = Math.max(event.start ?? now() / 1000 - seconds, last.start + last.seconds);
      last = { start, seconds };
      if (known && steps > 0) add({ kind: 'timing', host, epoch: epoch.epoch, step: lastStep, steps, start, seconds });
    },
    stop() {
      if (!stopped) sampler.stop();
      stopped = true;
    },
    report(status, rules) {
      const name = environment.jobName ?? 'training';
      const facts = [{ name: 'Epochs', value: epochsText(seen) }];
      const reported = { name, status, startedAt, endedAt: now() / 1000, hosts, intervalMs: samplingMs, facts };
      try {
        writeProfilerReports(tree.rules, { job: reported, profile: collected.profile(), rules });
      } catch (error) {
        log(`The profiler's report cannot be written to ${tree.rules}: ${(error as Error).message}`);
      }
    },
  };
}

/** Those before a checkpoint that training went on from are part of it, and were not seen. */
function epochsText(seen: { readonly first: number; readonly last: number } | undefined): string {
  if (!seen) return '0';
  return seen.first === 1 ? String(seen.last) : `${seen.last}, seen from ${seen.first} on`;
}
