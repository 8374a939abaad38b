import { defineError } from '../definition.ts';

export const serverErrors = {
  WHIPPET_SERVER_PORT: defineError<{ port: number; occupant?: string | undefined }>({
    message: ({ port, occupant }) => `Port ${port} is taken${occupant ? ` by ${occupant}` : ''}.`,
    remedy: 'Stop that process, choose another port with --port, or take a free one with --port 0.',
  }),
  WHIPPET_SERVER_ADDRESS: defineError<{ host: string; port: number; reason: string }>({
    message: ({ host, port, reason }) => `The server cannot listen on ${host}:${port}: ${reason}.`,
    remedy: 'Use an address of this machine and a port above 1023.',
  }),
  WHIPPET_SERVER_CREDENTIALS: defineError<{ path: string }>({
    message: ({ path }) => `${path} holds no key pair.`,
    remedy:
      'Restore the file from a copy, or delete it: a new key pair is made at the next start, and clients need it.',
  }),
  WHIPPET_SERVER_OPTION: defineError<{ option: string; value: string; expected: string }>({
    message: ({ option, value, expected }) => `${option} is "${value}", expected ${expected}.`,
    remedy: 'Give a value of that kind.',
  }),
  WHIPPET_SERVER_NOT_RUNNING: defineError<{ directory: string }>({
    message: ({ directory }) => `No server runs on the state ${directory}.`,
    remedy: 'Start one with `whippet up --detach`, or name the state of a running one with --state.',
  }),
  WHIPPET_SERVER_UNANSWERED: defineError<{ url: string; pid: number; reason: string }>({
    message: ({ url, pid, reason }) => `The server ${url} (pid ${pid}) does not answer as it should: ${reason}.`,
    remedy: 'Its log says why. `whippet down` ends it, `whippet up` starts it again; nothing that was stored is lost.',
  }),
  WHIPPET_SERVER_DIED: defineError<{ ending: string; log: string; lines: string }>({
    message: ({ ending, log, lines }) => `The server ended at its start (${ending}). ${log} ends so:\n${lines}`,
    remedy: 'Start it in the foreground with `whippet up` to see more.',
  }),
  WHIPPET_SERVER_RUNNING: defineError<{ directory: string; url: string; pid: number }>({
    message: ({ directory, url, pid }) => `The state ${directory} is in use by the server ${url} (pid ${pid}).`,
    remedy: 'Stop it first with `whippet down`, or have it stopped with --force.',
  }),
  WHIPPET_SERVER_STUCK: defineError<{ pid: number; seconds: number }>({
    message: ({ pid, seconds }) => `The server (pid ${pid}) has not ended within ${seconds} s.`,
    remedy: ({ pid }) => `End it with \`kill -9 ${pid}\`: nothing that was stored is lost.`,
  }),
  WHIPPET_SERVER_NO_STATE: defineError<{ directory: string }>({
    message: ({ directory }) => `${directory} is not the state of a server.`,
    remedy: 'Name one with --state; `whippet up` makes a new one.',
  }),
  WHIPPET_SERVER_CALL: defineError<{ operation: string; reason: string }>({
    message: ({ operation, reason }) => `The server refused ${operation}: ${reason}`,
    remedy: 'See `whippet logs` for the names there are, and docs/services/ for what is served.',
  }),
};
