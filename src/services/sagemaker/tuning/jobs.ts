import { createSearch } from '../../../tuning/index.ts';
import type { SageMakerState } from '../state.ts';
import { tagsOf } from '../tags.ts';
import type { TrainingJobs } from '../training/jobs.ts';
import { hasEnded, type TrainingJobRow } from '../training/record.ts';
import { trialName, trialRequest } from './definition.ts';
import { createJudge } from './early-stopping.ts';
import { planOf, type TuningPlan } from './plan.ts';
import {
  changeStatus,
  insertTuningJob,
  type NewTuningJob,
  openTuningJobs,
  type TuningJobRow,
  type TuningRequest,
  tuningHasEnded,
  tuningJobArn,
  tuningJobById,
  tuningRequest,
} from './record.ts';
import { historyOf, insertTrial, settleObjectives, type TrialRow, trialsOf } from './trials.ts';
import { type Verdict, verdictOn } from './verdict.ts';
import { chanceReason } from './winner.ts';

/** The tuning jobs at work. */
export interface TuningJobs {
  /** Records a checked job and starts its first trials. @throws AwsFault ResourceInUse where the name is taken. */
  create(request: TuningRequest, options: Omit<NewTuningJob, 'seed'>): TuningJobRow;
  /** Asks a job that has not ended to stop; its trials are stopped, and keep what they have learnt. */
  stop(job: TuningJobRow): void;
  /** Takes up what an earlier server left, after the training jobs were taken up. */
  resume(): void;
  /** Tuning jobs go on when a server resumes them. */
  close(): void;
}

export type TuningState = Pick<SageMakerState, 'database' | 'clock' | 'random' | 'journal'>;

/**
 * A tuning job has no process of its own: whenever one of its training jobs tells or ends something, what comes next is decided from the
 * tables. So a server that is started again goes on at once, and loses or doubles no trial.
 */
export function createTuningJobs(state: TuningState, training: TrainingJobs): TuningJobs {
  const timers = new Map<number, NodeJS.Timeout>();
  const prepared = new Set<number>();
  let isClosed = false;
  const work: Work = {
    ...{ state, training, prepared },
    watch: (job, plan) => watchRuntime(job, plan),
    turn: (id) => turn(id),
  };
  const turn = (id: number): void => {
    if (isClosed) return;
    try {
      advance(id, work);
    } catch (error) {
      const text = String((error as Error).stack ?? error);
      state.journal.write('error', { message: 'a tuning job does not go on', tuningJob: id, error: text });
    }
    if (tuningHasEnded(tuningJobById(id, state.database))) clearTimeout(timers.get(id));
  };
  const watchRuntime = (job: TuningJobRow, { maxRuntime }: TuningPlan): void => {
    if (maxRuntime === undefined || timers.has(job.id)) return;
    const left = job.created + maxRuntime * 1000 - state.clock.now().getTime();
    // setTimeout takes 24 days at most, and AWS's limit is 182.
    const timer = setTimeout(
      () => {
        timers.delete(job.id);
        turn(job.id);
      },
      Math.min(Math.max(left, 0), 2 ** 31 - 1),
    );
    timers.set(job.id, timer.unref());
  };
  const judge = createJudge(state, training);
  const listeners = [
    training.onEnded((job) => {
      judge.forget(job);
      withTrial(job, state, ({ tuning }) => turn(tuning));
    }),
    training.onPrepared((job) =>
      withTrial(job, state, ({ tuning }) => {
        prepared.add(tuning);
        turn(tuning);
      }),
    ),
    training.onMetric((job, point) =>
      withTrial(job, state, ({ tuning }) => judge.hear(job, { tuning, metric: point.name })),
    ),
  ];
  return {
    create(request, options) {
      const seed = request.HyperParameterTuningJobConfig.RandomSeed ?? state.random(8).toString('hex');
      const job = insertTuningJob(request, { ...options, seed: String(seed) }, state.database);
      turn(job.id);
      return job;
    },
    stop(job) {
      changeStatus(job, { status: 'Stopping', now: state.clock.now() }, state.database);
      turn(job.id);
    },
    resume() {
      for (const { id } of openTuningJobs(state.database)) turn(id);
    },
    close() {
      isClosed = true;
      for (const end of listeners) end();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

interface Work {
  readonly state: TuningState;
  readonly training: TrainingJobs;
  /** Tuning jobs of which a trial has its features, and with it all that have the same. */
  readonly prepared: ReadonlySet<number>;
  readonly watch: (job: TuningJobRow, plan: TuningPlan) => void;
  /** Looks what comes next of a job. */
  readonly turn: (id: number) => void;
}

function withTrial(
  job: TrainingJobRow,
  { database }: TuningState,
  then: (trial: { readonly tuning: number }) => void,
): void {
  if (job.tuning_job === null) return;
  const trial = database.get<{ tuning: number }>(
    'SELECT tuning_job AS tuning FROM tuning_trials WHERE training_job = ?',
    job.id,
  );
  if (trial) then(trial);
}

/** The next step of a job: an end, or as many trials as may go on at a time. */
function advance(id: number, work: Work): void {
  const { state, training, watch } = work;
  const job = tuningJobById(id, state.database);
  if (tuningHasEnded(job)) return;
  const plan = planOf(tuningRequest(job));
  watch(job, plan);
  for (;;) {
    const trials = settleObjectives(trialsOf(id, state.database), plan.objective.metric, state.database);
    const running = trials.filter((trial) => !hasEnded(trial));
    const next = nextTrial(job, { plan, trials, work });
    if (next === 'wait') return;
    if (next !== 'started') {
      for (const trial of running) if (trial.status === 'InProgress') training.stop(trial);
      // Their ends bring us back.
      if (running.length > 0) return;
      // Who sees the job's end finds nothing of it at work.
      const retiring = training.retire(tuningJobArn(job));
      if (retiring) void retiring.then(() => work.turn(id));
      else finish(job, { verdict: next, plan, trials, work });
      return;
    }
  }
}

interface Situation {
  readonly plan: TuningPlan;
  readonly trials: readonly TrialRow[];
  readonly work: Work;
}

function nextTrial(job: TuningJobRow, { plan, trials, work }: Situation): Verdict | 'started' | 'wait' {
  const history = historyOf(trials, plan.ranges);
  const progress = {
    ...{ trials: history, jobs: trials },
    seconds: (work.state.clock.now().getTime() - job.created) / 1000,
    stopRequested: job.status === 'Stopping',
    exhausted: false,
  };
  const verdict = verdictOn(plan, progress);
  if (verdict) return verdict;
  const running = history.filter(({ state }) => state === 'running').length;
  if (running >= plan.parallel || history.length >= plan.trials) return 'wait';
  // The first has all of the machine for what all of them need.
  if (running > 0 && running === history.length && !work.prepared.has(job.id)) return 'wait';
  const search = createSearch({ ...plan, objective: plan.objective.direction, seed: job.seed });
  const suggestion = search.suggest(history);
  if (suggestion === undefined) return verdictOn(plan, { ...progress, exhausted: true }) ?? 'wait';
  startTrial(job, { plan, number: history.length + 1, tuned: suggestion.text, work });
  return 'started';
}

/** The trial and its training job are there together or not at all. */
function startTrial(
  job: TuningJobRow,
  {
    plan,
    number,
    tuned,
    work: { state, training },
  }: { plan: TuningPlan; number: number; tuned: Record<string, string>; work: Work },
): void {
  const name = trialName(job.name, { number, suffix: state.random(4).toString('hex') });
  const definition = tuningRequest(job).TrainingJobDefinition;
  if (definition === undefined) throw new TypeError(`Tuning job ${job.name} has no definition of its training jobs.`);
  const request = trialRequest(definition, { name, tuned, metric: plan.objective.metric });
  const arn = tuningJobArn(job);
  state.database.transaction(() => {
    const trial = training.create(request, {
      ...{ place: job, now: state.clock.now(), tuningJobArn: arn, share: Math.min(plan.parallel, plan.trials) },
      // As AWS does it: the tags of a tuning job are those of its training jobs.
      tags: tagsOf(arn, state.database),
    });
    insertTrial(job.id, { number, trainingJob: trial.id, tuned }, state.database);
  });
}

function finish(job: TuningJobRow, { verdict, plan, trials, work }: Situation & { readonly verdict: Verdict }): void {
  const { database, clock, journal } = work.state;
  const atChance = verdict.status === 'Completed' ? chanceReason(trials, plan.objective) : undefined;
  const { status, reason } = atChance === undefined ? verdict : { status: 'Failed' as const, reason: atChance };
  changeStatus(job, { status, failure: reason, now: clock.now() }, database);
  journal.write('info', { message: 'tuning job', job: job.name, status, ...(reason !== undefined && { reason }) });
}
