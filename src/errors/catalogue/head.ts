import { defineError } from '../definition.ts';

export const headErrors = {
  WHIPPET_HEAD_UNKNOWN_HYPERPARAMETER: defineError<{ name: string; nearest: string | undefined; known: string }>({
    message: ({ name }) => `There is no hyperparameter called ${JSON.stringify(name)}.`,
    remedy: ({ nearest, known }) => `${nearest ? `Did you mean ${nearest}? ` : ''}Known are: ${known}.`,
    exitCode: 2,
  }),
  WHIPPET_HEAD_BAD_HYPERPARAMETER: defineError<{ name: string; value: string; expected: string }>({
    message: ({ name, value }) => `The hyperparameter ${name} cannot be ${JSON.stringify(value)}.`,
    remedy: ({ name, expected }) => `Set ${name} to ${expected}.`,
    exitCode: 2,
  }),
  WHIPPET_HEAD_NO_PICTURES: defineError<{ split: string }>({
    message: ({ split }) => `The head cannot be trained: the ${split} split has no usable picture.`,
    remedy: ({ split }) =>
      `Add pictures, or give the data set a ${split}/ folder with a few pictures of each class; \`whippet data check\` shows the counts.`,
  }),
  WHIPPET_HEAD_SINGLE_CLASS: defineError<{ classes: number }>({
    message: ({ classes }) =>
      `Only ${classes} class has training pictures, and telling one class from nothing cannot be learnt.`,
    remedy: 'Add a second folder with pictures of something else.',
  }),
  WHIPPET_HEAD_NOT_FINITE: defineError<{ split: string; row: number; column: number; value: number }>({
    message: ({ split, row, column, value }) =>
      `The features of the ${split} split hold ${value} (row ${row}, column ${column}).`,
    remedy:
      'The backbone is broken or its preprocessing is wrong: check its mean and standard deviation, or take another.',
  }),
  WHIPPET_HEAD_SHAPE: defineError<{ problem: string }>({
    message: ({ problem }) => `The features and labels do not fit together: ${problem}.`,
    remedy: 'Pass one label below `classes` for each row, and matrices of one dimension.',
  }),
  WHIPPET_HEAD_DIVERGED: defineError<{ epoch: number; learningRate: number }>({
    message: ({ epoch, learningRate }) =>
      `Training diverged: the loss of epoch ${epoch} is not a finite number (learning_rate ${learningRate}).`,
    remedy: ({ learningRate }) => `Try learning_rate ${Number((learningRate / 10).toPrecision(2))}.`,
  }),
};
