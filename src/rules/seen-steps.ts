/** From which step on a rule saw the training: a job that goes on from a checkpoint tells nothing of the steps before. */
export interface SeenSteps {
  add(step: number): void;
  /** An earlier attempt at the same job saw the training from `firstStep` on. */
  recall(earlier: { readonly firstStep?: number | undefined }): void;
  /** The first in any attempt; undefined before there is one. */
  firstStep(): number | undefined;
  /** What was not seen, in words; undefined where the beginning was. */
  note(): string | undefined;
}

export function createSeen(): SeenSteps {
  let first: number | undefined;
  let recalled: number | undefined;
  const firstStep = () =>
    first === undefined || recalled === undefined ? (first ?? recalled) : Math.min(first, recalled);
  return {
    add(step) {
      first ??= step;
    },
    recall(earlier) {
      recalled ??= earlier.firstStep;
    },
    firstStep,
    note() {
      const from = firstStep();
      if (from === undefined) return undefined;
      const sentences = [
        from > 0 && `The rule saw no step before step ${from}, where training went on from a checkpoint.`,
        first !== undefined &&
          first > from &&
          `What lasts over several steps was judged anew from step ${first} on, where the job was restarted.`,
      ].filter((sentence) => typeof sentence === 'string');
      return sentences.length > 0 ? sentences.join(' ') : undefined;
    },
  };
}
