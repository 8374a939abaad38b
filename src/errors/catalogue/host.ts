import { defineError } from '../definition.ts';

export const hostErrors = {
  WHIPPET_HOST_START: defineError<{ name: string; program: string; reason: string }>({
    message: ({ name, program, reason }) => `The process ${name} (${program}) cannot be started: ${reason}.`,
    remedy:
      'Make room on this machine (processes, open files, memory), or see `whippet doctor`; then start the job again.',
  }),
  WHIPPET_HOST_STOPPING: defineError<{ name: string }>({
    message: ({ name }) => `The process ${name} is not started: the server is stopping.`,
    remedy: 'Start the server again with `whippet up`; jobs go on from where they were.',
  }),
};
