import type { EngineEvent, Recording } from '../../../engine/index.ts';
import { type ProfileRecord, recordingNeeds, type TrainingRecord } from '../../../rules/index.ts';
import { leaderOf, openProfileOutlet, type ProfileExchange } from '../../peers/index.ts';
import type { Job } from '../container-training.ts';
import { type Phases, trackPhases } from '../phases.ts';
import type { TrainingRequest } from '../request.ts';
import { openExchange } from './exchange.ts';
import { type Hook, keeps } from './hook.ts';
import { type Outcome, startProfiling } from './profiling.ts';
import { watchRules } from './rule-watch.ts';
import { type AskedRule, configuredRules, readRulesConfig } from './rules-config.ts';
import { openTensorFiles } from './tensor-files.ts';

/** What looks at a job while it works: phases, rules, the hook's tensors, the profiler. */
export interface Watch {
  readonly phases: Phases;
  see(event: EngineEvent): void;
  readonly recording: Recording;
  /** Training has written its first checkpoint to `path`, a further one, or goes on from it. */
  checkpoint(path: string): void;
  /** What the profiler shares with the other hosts, where there is one. */
  readonly exchange: ProfileExchange | undefined;
  /** Aborted by a rule whose action ends the training. */
  readonly stop: AbortSignal;
  end(outcome: Outcome): void;
}

/** @throws WHIPPET_CONTAINER_CONFIG */
export function openWatch(request: TrainingRequest, job: Job): Watch {
  const { tree, hosts, host } = request;
  const { rules, hook, samplingMs } = readRulesConfig(request.rules);
  const { now, log, tell } = job;
  const stop = new AbortController();
  const cannotWrite = (reason: string): void => log(`Tensors are no longer written to ${tree.tensors}: ${reason}`);
  const tensors = hook && openTensorFiles(tree.tensors, cannotWrite);
  for (const remark of hook?.remarks ?? []) log(`Debugger hook: ${remark}`);

  // Only the leader has rules; the others tell it what they see.
  const outlet = leaderOf(hosts) === host ? undefined : openProfileOutlet();
  const onStop = (): void => stop.abort('rule');
  const running = outlet
    ? undefined
    : watchRules({ rules, hosts, folder: tree.rules, job: job.environment.jobName, now, log, tell, onStop });
  const judge = (record: ProfileRecord): void => running?.observe(record);
  let lastStep = -1;
  const profiling =
    samplingMs === undefined
      ? undefined
      : startProfiling({
          ...{ request, job, samplingMs },
          onRecord: outlet ? outlet.add : judge,
        });
  const phases = trackPhases({ host, now, tell, onPhase: (record) => profiling?.add(record) });
  const take = (record: TrainingRecord): void => {
    if (record.kind === 'inputs') phases.enter('training');
    if (record.kind === 'epoch') lastStep = record.step;
    if (record.kind === 'step' || (record.kind === 'tensor' && hook && keeps(hook, record))) tensors?.write(record);
    running?.observe(record);
  };
  return {
    phases,
    exchange: profiling && openExchange({ host, now, profiling, phases, outlet }),
    stop: stop.signal,
    recording: { ...recordingOf(rules, hook), onRecord: take },
    checkpoint: (path) => running?.keepIn(besideCheckpoint(path)),
    see(event) {
      phases.see(event);
      if (event.type === 'epoch') profiling?.epoch(event, lastStep);
      if (event.type !== 'progress') return;
      running?.observe({ kind: 'progress', stage: event.stage, done: event.done, total: event.total });
    },
    end(outcome) {
      phases.end();
      profiling?.stop();
      running?.end(outcome === 'Completed');
      profiling?.report(outcome, running?.states() ?? []);
      tensors?.close();
    },
  };
}

/** The folder of what rules found, for all checkpoints of one training: it survives where they do. */
function besideCheckpoint(path: string): string {
  return path.replace(/-\d+\.checkpoint$/, '.rules');
}

/** What training must tell: every step for rules and the hook, gradients and pixels for the rules that look at them. */
function recordingOf(rules: readonly AskedRule[], hook: Hook | undefined): Omit<Recording, 'onRecord'> {
  const { pixels, gradientsBefore } = recordingNeeds(configuredRules(rules));
  const judged = rules.some(({ kind }) => kind === 'debugger');
  return {
    stepsEvery: judged || hook ? 1 : 0,
    pixels,
    tensorsAt: [
      ...(hook?.schedules ?? []),
      ...(gradientsBefore > 0 ? [{ collections: ['gradients'] as const, every: 1, from: 0, to: gradientsBefore }] : []),
    ],
  };
}
