/**
 * Searching hyperparameters: which point to try next, which trial to stop, which one was best. Pure: everything follows from a seed and
 * the trials so far.
 */
export { type TestedTrial, winnerOf } from './chance.ts';
export { type StoppingQuestion, stopEarly } from './early-stopping.ts';
export { problemsOf, type SearchPlan, type TuningProblem, tuningLimits } from './limits.ts';
export type { CategoricalRange, NumericRange, ParameterRange, Point, ScalingType } from './range.ts';
export { createSearch, type Search, type SearchOptions, type Suggestion } from './search.ts';
export { pointAt, positionOf, sizeOf } from './space.ts';
export type { Strategy } from './task.ts';
export { fromText, toText } from './text.ts';
export { bestOf, type FinishedTrial, isBetter, isFailed, isFinished, type Objective, type Trial } from './trial.ts';
