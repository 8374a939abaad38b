import { defineError } from '../definition.ts';

export const cliErrors = {
  WHIPPET_CLI_USAGE: defineError<{ problem: string; help: string }>({
    message: ({ problem }) => problem,
    remedy: ({ help }) => help,
    exitCode: 2,
  }),
};
