/**
 * What training and the machine leave behind for rules to judge. Plain data: whoever trains fills it in, rules only read it.
 */

/** What is known of a tensor without keeping it. All over its elements. */
export interface TensorSummary {
  readonly elements: number;
  readonly mean: number;
  /** Mean of the absolute values. */
  readonly absoluteMean: number;
  /** Population variance. */
  readonly variance: number;
  readonly minimum: number;
  readonly maximum: number;
  /** How many are NaN, and how many are infinite; the figures above are not finite then. */
  readonly nan: number;
  readonly infinite: number;
  /** Of activations only: share of elements that are 0 or less, 0–1. Of a ReLU's output those are silent. */
  readonly inactive?: number;
}

/** One optimiser step. */
export interface StepRecord {
  readonly kind: 'step';
  /** From 0, over the whole job. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Mean cross-entropy per picture of the batch, in nats, before the step: without the label smoothing and class weights of what is minimised. */
  readonly loss: number;
  readonly learningRate: number;
  /** Euclidean norm of all gradients together. */
  readonly gradientNorm: number;
  /** By tensor name as in the graph: `weight0`, `bias0`. Weights are those after the step. */
  readonly gradients: Readonly<Record<string, TensorSummary>>;
  readonly weights: Readonly<Record<string, TensorSummary>>;
  /** `logits`, and `units` where there is a hidden layer. */
  readonly activations: Readonly<Record<string, TensorSummary>>;
}

/** What was measured after an epoch. */
export interface EpochSummary {
  readonly kind: 'epoch';
  /** From 1. */
  readonly epoch: number;
  /** The last step of the epoch. */
  readonly step: number;
  /** Mean cross-entropies per picture, in nats, of training over the epoch's steps: both plain, so that they can be compared. */
  readonly trainLoss: number;
  readonly validLoss: number;
  /** Share of correct pictures, 0–1. */
  readonly validAccuracy: number;
  /** By class: pictures of `valid`, and how many of them are given another class. */
  readonly validPictures: readonly number[];
  readonly validMistakes: readonly number[];
}

/** What goes into training, told once before the first step. */
export interface InputRecord {
  readonly kind: 'inputs';
  readonly classes: readonly string[];
  /** Training pictures by class. */
  readonly trainPictures: readonly number[];
  /** As the hyperparameter `class_weights` says. */
  readonly classWeights: 'none' | 'balanced';
  /** Mean of the normalised pixels of the pictures looked at, and how many were. Absent where nobody asked for it. */
  readonly pixels?: { readonly mean: number; readonly pictures: number };
}

/** A tensor kept whole, at the intervals that the hook asks for. */
export interface TensorRecord {
  readonly kind: 'tensor';
  readonly step: number;
  readonly collection: TensorCollection;
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Debugger's names of collections that exist here. */
export type TensorCollection = 'weights' | 'biases' | 'gradients' | 'losses';

/** A sign of life where no step is taken: pictures that were read, or whose features were computed on any host. */
export interface ProgressRecord {
  readonly kind: 'progress';
  /** The engine's stage: `read`, `features`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

export type TrainingRecord = StepRecord | EpochSummary | InputRecord | TensorRecord | ProgressRecord;

/** One look at the machine. Rates are over the time since the sample before. */
export interface SystemSample {
  readonly kind: 'system';
  /** Seconds since 1970. */
  readonly time: number;
  /** `algo-1`. */
  readonly host: string;
  /** Percent of each core that this instance may use, 0–100: busy with whatever runs on the machine. */
  readonly cpu: readonly number[];
  /** Percent of all these cores together that the instance's own processes used. Absent where that is not known. */
  readonly ownCpu?: number;
  /** Percent of time in which cores waited for the disk, 0–100. */
  readonly ioWait: number;
  /** Bytes used by the instance, and those there are. */
  readonly memory: { readonly used: number; readonly total: number };
  /** Bytes per second. */
  readonly disk: { readonly read: number; readonly written: number };
  readonly network: { readonly received: number; readonly sent: number };
  /** Percent of each accelerator and of its memory; empty where there is none. */
  readonly gpu: readonly { readonly utilization: number; readonly memory: number }[];
}

/** A stretch of the job's time: initialising, loading data, extracting features, training. */
export interface PhaseRecord {
  readonly kind: 'phase';
  readonly host: string;
  readonly name: string;
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
}

/** How long steps took. A stretch of steps runs as one call, so the time of one step is that of the stretch divided by its steps. */
export interface TimingRecord {
  readonly kind: 'timing';
  readonly host: string;
  /** From 1. */
  readonly epoch: number;
  /** The last step of the stretch. */
  readonly step: number;
  readonly steps: number;
  /** Seconds since 1970 at which the stretch began, and the seconds that it took. */
  readonly start: number;
  readonly seconds: number;
}

export type ProfileRecord = SystemSample | PhaseRecord | TimingRecord;
