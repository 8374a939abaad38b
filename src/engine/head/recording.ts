import type { TensorCollection, TrainingRecord } from '../../rules/records.ts';

/** What training tells of itself, step by step. The model is the same bytes with and without. */
export interface HeadRecording {
  /** A StepRecord for every so many steps, from step 0 on; a step with NaN or Inf is always told. Default 1; 0 tells none. */
  readonly stepsEvery?: number | undefined;
  /** When tensors are kept whole. Default never. */
  readonly tensorsAt?: readonly TensorSchedule[] | undefined;
  /** Records come after the epoch that they are of, in the order of their steps. */
  onRecord(record: TrainingRecord): void;
}

/** The steps at which a hook of Debugger saves, in its own terms: save_interval, start_step, end_step, save_steps. */
export interface TensorSchedule {
  readonly collections: readonly TensorCollection[];
  /** Steps that it divides. 0: only those of `steps`. */
  readonly every: number;
  /** First step of the schedule. Default 0. */
  readonly from?: number | undefined;
  /** First step that is past it. Default: none is. */
  readonly to?: number | undefined;
  /** Further steps by number. */
  readonly steps?: readonly number[] | undefined;
}
