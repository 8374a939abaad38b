import { defineError } from '../definition.ts';

export const sampleErrors = {
  WHIPPET_DATASET_SAMPLE_EXISTS: defineError<{ directory: string; found: string }>({
    message: ({ directory, found }) => `${directory} is not empty: it holds ${found}.`,
    remedy: 'Name a directory that does not exist yet, or empty this one first. Nothing was written.',
  }),
  WHIPPET_DATASET_SAMPLE_OPTION: defineError<{ option: string; received: string; expected: string }>({
    message: ({ option, received, expected }) => `${option} is ${received}; it has to be ${expected}.`,
    remedy: ({ option, expected }) => `Give ${option} as ${expected}, or leave it out.`,
    exitCode: 2,
  }),
};
