import { defineError } from '../definition.ts';

export const featuresErrors = {
  WHIPPET_FEATURES_VIEWS: defineError<{ value: string }>({
    message: ({ value }) => `"${value}" is not a choice of views.`,
    remedy: 'Use center, center,flip, or a number of random crops from 1 to 64, for example 4.',
    exitCode: 2,
  }),
  WHIPPET_FEATURES_CHANGED: defineError<{ source: string }>({
    message: ({ source }) => `${source} has changed since the data set was read.`,
    remedy: 'Run the command again once nothing writes into the data set.',
  }),
  WHIPPET_FEATURES_CRASH: defineError<{ source: string; reason: string }>({
    message: ({ source, reason }) => `${source} ended the process that decoded it, twice (${reason}).`,
    remedy: 'Export the picture again or remove it. If it opens elsewhere, please report it as a defect.',
  }),
  WHIPPET_FEATURES_NOT_FINITE: defineError<{ source: string }>({
    message: ({ source }) => `The backbone gives ${source} features that are not finite numbers.`,
    remedy: 'If it happens to many pictures, the weights or the preprocessing do not fit the backbone.',
  }),
  WHIPPET_FEATURES_WORKERS: defineError<{ reason: string }>({
    message: ({ reason }) => `The processes that compute features cannot work: ${reason}.`,
    remedy: 'Most often memory is short: use fewer workers or a smaller backbone.',
  }),
  WHIPPET_FEATURES_CACHE: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The feature cache in ${path} cannot be used: ${reason}.`,
    remedy:
      'Work goes on without it; free disk space or choose another cache directory to keep features for the next run.',
  }),
};
