import type { ConfiguredRule } from './configuration.ts';
import { numberOf } from './parameter.ts';

/** What must be recorded for rules to judge, beside steps and epochs. */
export interface RecordingNeeds {
  /** Pictures over which the mean of the pixels is taken; 0 where no rule asks for it. */
  readonly pixels: number;
  /** Gradients of the steps before this one are wanted whole; 0: of none. */
  readonly gradientsBefore: number;
}

/** @returns what these rules need; the most where several need the same. */
export function recordingNeeds(rules: readonly ConfiguredRule[]): RecordingNeeds {
  const most = (name: string, parameter: string): number =>
    Math.max(
      0,
      ...rules
        .filter(({ definition }) => definition.name === name)
        .map(({ settings }) => numberOf(settings, parameter)),
    );
  return {
    pixels: most('CheckInputImages', 'threshold_samples'),
    gradientsBefore: most('PoorWeightInitialization', 'steps'),
  };
}
