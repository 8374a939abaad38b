import type { EpochRecord } from '../events.ts';

/** One dense layer, weight [inputs × outputs] row-major. A linear head has one; an MLP has two with ReLU between. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** Maps raw (not standardised) features to logits; standardisation is folded into the first layer. */
export interface Head {
  readonly layers: readonly DenseLayer[];
}

/** Who may end a training from outside before its time: a rule's action, or a search that has better trials. */
export type StopKind = 'rule' | 'tuning';

/** Why training ended. */
export type Ending = 'completed' | 'early-stopping' | 'interrupted' | StopKind;

export interface TrainedHead {
  readonly head: Head;
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose parameters `head` holds: lowest `calibratedLoss`. From 1. */
  readonly bestEpoch: number;
  readonly stopped: Ending;
  /** What each picture's loss was multiplied with, by class; all 1 without class weights. See `correctPrior`. */
  readonly classWeights: readonly number[];
  /** Logits of `head` on the valid pictures, [pictures × classes], as the model's own graph computes them. */
  readonly validLogits: Float32Array;
  /** Classes without a training picture: the head can never learn to name them. */
  readonly absentClasses: readonly number[];
}
