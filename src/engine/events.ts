import type { Split } from './dataset/dataset.ts';

/** What the engine tells while it works: `whippet.events/1`, additive (new types and fields may appear, none change). */
export type EngineEvent =
  | {
      readonly type: 'progress';
      readonly stage: ProgressStage;
      readonly done: number;
      readonly total: number;
      /** What is counted: pictures, epochs, bytes. */
      readonly unit: 'pictures' | 'epochs' | 'bytes' | 'folds';
    }
  | {
      readonly type: 'epoch';
      readonly epoch: EpochRecord;
      /** Seconds since 1970 at which it began: the event may be heard late. */
      readonly start?: number;
      /** Wall time of it. */
      readonly seconds?: number;
    }
  | {
      readonly type: 'picture-refused';
      readonly name: string;
      readonly split?: Split;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'warning'; readonly code: string; readonly message: string };

export type ProgressStage =
  | 'read'
  | 'inspect'
  | 'features'
  | 'head'
  | 'calibration'
  | 'audit'
  | 'download'
  | 'unpack'
  | 'draw'
  | 'predict';

export type Listener = (event: EngineEvent) => void;

/** One epoch of the head. Losses are mean cross-entropies per picture in nats, without label smoothing and class weights. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  readonly learningRate: number;
  /** Of each batch before its step. */
  readonly trainLoss: number;
  readonly validLoss: number;
  /** `validLoss` at the temperature that suits this epoch best. Epochs are compared by it, as confidence is corrected afterwards. */
  readonly calibratedLoss: number;
  /** Share of correct pictures, 0–1. */
  readonly validAccuracy: number;
  /** Mean over the steps of the gradient's Euclidean norm. */
  readonly gradientNorm: number;
}
