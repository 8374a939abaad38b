import type { EngineEvent, Recording } from '../../../engine/index.ts';
import type { ProfileRecord, TrainingRecord } from '../../../rules/index.ts';
import type { Job } from '../container-training.ts';
import { type Phases, trackPhases } from '../phases.ts';
import type { TrainingRequest } from '../request.ts';
import { type RuleWatch, watchRules } from './rule-watch.ts';
import { readRulesConfig } from './rules-config.ts';
import { openTensorFiles } from './tensor-files.ts';

/** What looks at a job while it works: phases, rules, the hook's tensors. */
export interface Watch {
  readonly phases: Phases;
  /** Classes are known: rules begin. */
  start(classes: readonly string[]): void;
  progress(event: EngineEvent): void;
  readonly recording: Recording;
  /** Aborted by a rule whose action ends the training. */
  readonly stop: AbortSignal;
  /** `completed`: training was not interrupted from outside. */
  end(completed: boolean): void;
}

/** Pictures whose pixels are looked at: enough for a mean that tells normalised input from raw. */
const pixelPictures = 64;

/** @throws WHIPPET_CONTAINER_CONFIG */
export function openWatch({ rules: config, tree, hosts, host, wish }: TrainingRequest, job: Job): Watch {
  const { rules, hook } = readRulesConfig(config);
  const { now, log, tell } = job;
  const stop = new AbortController();
  const tensors =
    hook &&
    openTensorFiles(tree.tensors, (reason) => log(`Tensors are no longer written to ${tree.tensors}: ${reason}`));
  for (const remark of hook?.remarks ?? []) log(`Debugger hook: ${remark}`);
  let running: RuleWatch | undefined;
  const early: ProfileRecord[] = [];
  const observe = (record: TrainingRecord | ProfileRecord): void => running?.observe(record);
  const phases = trackPhases({
    ...{ host, now, tell },
    onPhase: (record) => (running ? observe(record) : void early.push(record)),
  });
  const judged = rules.some(({ kind }) => kind === 'debugger');
  return {
    phases,
    stop: stop.signal,
    start(classes) {
      running = watchRules({
        ...{ rules, classes, hosts, folder: tree.rules, now, log, tell },
        onStop: () => stop.abort('rule'),
      });
      for (const record of early.splice(0)) observe(record);
    },
    progress(event) {
      if (event.type !== 'progress' || event.stage !== 'features') return;
      observe({ kind: 'progress', phase: 'extracting', done: event.done, total: event.total });
    },
    recording: {
      stepsEvery: judged || tensors ? 1 : 0,
      ...(hook && { tensorsAt: hook.schedules }),
      ...(judged && wish.objective === undefined && { pixels: pixelPictures }),
      onRecord(record) {
        if (record.kind === 'inputs') phases.enter('training');
        if (record.kind === 'tensor' || record.kind === 'step') tensors?.write(record);
        observe(record);
      },
    },
    end(completed) {
      phases.end();
      running?.end(completed);
      tensors?.close();
    },
  };
}
