import { defineError } from '../definition.ts';

interface Found {
  path: string;
  count: number;
  example: string;
}

export const trainingErrors = {
  WHIPPET_TRAINING_LEAKAGE: defineError<Found>({
    message: ({ path, count, example }) =>
      `${count} ${count === 1 ? 'picture of' : 'pictures of'} ${path} stand in two splits, so no figure could be trusted. ${example}.`,
    remedy: 'Look at `whippet data check`, remove the copies, or go on with --allow-leakage.',
  }),
  WHIPPET_TRAINING_TWO_LABELS: defineError<Found>({
    message: ({ path, count, example }) =>
      `${count} ${count === 1 ? 'picture of' : 'pictures of'} ${path} stand under two labels. ${example}.`,
    remedy: 'Look at `whippet data check` and remove the wrong copies, or go on with --allow-leakage.',
  }),
  WHIPPET_EVALUATION_NO_SUCH_SPLIT: defineError<{ path: string; split: string }>({
    message: ({ path, split }) => `${path} has no usable pictures in the ${split} split.`,
    remedy: 'Evaluate on the data set the model was trained from, or choose another --split.',
  }),
  WHIPPET_EVALUATION_UNKNOWN_CLASS: defineError<{ path: string; unknown: readonly string[]; known: number }>({
    message: ({ path, unknown, known }) =>
      `${path} has ${unknown.length === 1 ? 'the class' : `${unknown.length} classes, such as`} ${unknown[0]}, which the model's ${known} classes do not include.`,
    remedy: 'Give the data set the model was trained from, with the same class folders.',
  }),
  WHIPPET_EVALUATION_TRAINED_ON: defineError<{ split: string; count: number; example: string }>({
    message: ({ split, count, example }) =>
      `${count} ${count === 1 ? 'picture' : 'pictures'} of the ${split} split were trained on (${example}): the result would flatter.`,
    remedy: 'Remove them from the split, or go on with --allow-leakage.',
  }),
};
