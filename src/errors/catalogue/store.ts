import { defineError } from '../definition.ts';

export const storeErrors = {
  WHIPPET_STORE_NODE: defineError<{ version: string }>({
    message: ({ version }) => `Node ${version} lacks the SQLite in which the state is kept.`,
    remedy: 'Run it with Node 22.16 or newer.',
  }),
  WHIPPET_STORE_LOCKED: defineError<{ directory: string; occupant?: string | undefined }>({
    message: ({ directory, occupant }) =>
      `The state ${directory} is in use by ${occupant === undefined ? 'another process' : occupant}.`,
    remedy: 'Use that server, stop it with `whippet down`, or give this one a state of its own with --state.',
  }),
  WHIPPET_STORE_DIRECTORY: defineError<{ directory: string; reason: string }>({
    message: ({ directory, reason }) => `The state ${directory} cannot be used: ${reason}.`,
    remedy: 'Check that the folder is yours and that its disk has room, or choose another one with --state.',
  }),
  WHIPPET_STORE_NEWER: defineError<{ directory: string; part: string; found: number; known: number }>({
    message: ({ directory, part, found, known }) =>
      `The state ${directory} was written by a newer Whippet: ${part} has version ${found}, known here is ${known}.`,
    remedy: 'Use the newer Whippet, or a state of its own with --state.',
  }),
  WHIPPET_STORE_CORRUPT: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The database ${path} is damaged: ${reason}.`,
    remedy:
      'Run `whippet doctor`, which repairs what can be repaired; or restore the folder from a copy; or start anew with `whippet reset`.',
  }),
};
