import { defineError } from '../definition.ts';

export const tuningErrors = {
  WHIPPET_TUNING_RANGE: defineError<{ text: string; reason: string }>({
    message: ({ text, reason }) => `The range "${text}" cannot be searched: ${reason}.`,
    remedy:
      'Numbers: --range learning_rate=0.001..0.1:log (log, linear or reverse-log; without it, by the range itself). ' +
      'Values to choose from: --range batch_size=32,64,128.',
    exitCode: 2,
  }),
  WHIPPET_TUNING_NO_RANGE: defineError<Record<never, never>>({
    message: () => 'No --range is given, so there is nothing to search.',
    remedy:
      'Say what to search, once for each hyperparameter: whippet tune photos/ --range learning_rate=0.0005..0.05:log ' +
      '--range batch_size=32,64,128. The hyperparameters are those under Head in whippet tune --help.',
    exitCode: 2,
  }),
  WHIPPET_TUNING_PLAN: defineError<{ problems: readonly string[] }>({
    message: ({ problems }) => `This cannot be searched. ${problems.join(' ')}`,
    remedy: 'Change --range, --trials, --parallel or --strategy accordingly.',
    exitCode: 2,
  }),
  WHIPPET_TUNING_ALL_FAILED: defineError<{ trials: number; first: string }>({
    message: ({ trials, first }) =>
      `${trials === 1 ? 'The trial' : `All ${trials} trials`} failed, so there is no model. The first one: ${first}`,
    remedy: 'Choose other ranges, such as smaller learning rates. Nothing was written to the model folder.',
  }),
  WHIPPET_TUNING_AT_CHANCE: defineError<{ trials: number; accuracy: number; chance: number; pictures: number }>({
    message: ({ trials, accuracy, chance, pictures }) =>
      `No trial is above chance. The best of ${trials} is right on ${share(accuracy)} of ${pictures} valid pictures; always naming the ` +
      `largest class gets ${share(chance)}, and the best of ${trials} attempts at guessing would often do as well.`,
    remedy:
      'Nothing was written to the model folder. Look at the labels (whippet data check), try another --backbone or wider ranges, or ' +
      'put more pictures into valid.',
  }),
};

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
