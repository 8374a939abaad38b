import { defineError } from '../definition.ts';

export const fetchErrors = {
  WHIPPET_DATASET_FETCH_UNKNOWN: defineError<{ name: string; known: string }>({
    message: ({ name }) => `There is no data set named "${name}" to fetch.`,
    remedy: ({ known }) => `Known are: ${known}.`,
    exitCode: 2,
  }),
  WHIPPET_DATASET_FETCH_EXISTS: defineError<{ directory: string; found: string }>({
    message: ({ directory, found }) => `${directory} is not what was fetched: ${found}.`,
    remedy: 'Name a folder that does not exist yet, or remove this one. Nothing was changed.',
  }),
  WHIPPET_DATASET_FETCH_LOCK: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The lock file ${path} cannot be used: ${reason}.`,
    remedy: 'Restore it from version control; or remove it, to trust what the next download brings.',
  }),
  WHIPPET_DATASET_FETCH_CHANGED: defineError<{ url: string; lock: string; sha256: string; bytes: number }>({
    message: ({ url, lock, sha256, bytes }) =>
      `${url} is not what it was: ${lock} recorded ${bytes} bytes with the SHA-256 ${sha256}.`,
    remedy: ({ lock }) =>
      `The archive was replaced or damaged and is not used. If you know that the change is right, remove ${lock} and fetch again.`,
  }),
  WHIPPET_DATASET_ARCHIVE: defineError<{ archive: string; reason: string }>({
    message: ({ archive, reason }) => `${archive} is not unpacked: ${reason}.`,
    remedy: 'The archive is damaged or was made to do harm. Nothing was unpacked; fetch it from another source.',
  }),
};
