import { defineError } from '../definition.ts';

export const cliErrors = {
  WHIPPET_CLI_USAGE: defineError<{ problem: string; help: string }>({
    message: ({ problem }) => problem,
    remedy: ({ help }) => help,
    exitCode: 2,
  }),
  WHIPPET_CLI_CONFIRM: defineError<{ what: string }>({
    message: ({ what }) => `${what} needs a yes, and there is no terminal to ask at.`,
    remedy: 'Give it with --yes.',
    exitCode: 2,
  }),
  WHIPPET_CLI_PROFILE: defineError<{ name: string; path: string; reason: string }>({
    message: ({ name, path, reason }) => `The profile "${name}" in ${path} is for something else: ${reason}.`,
    remedy: 'Choose another name: whippet env --profile NAME.',
  }),
  WHIPPET_CLI_PROFILE_FILE: defineError<{ path: string; reason: string }>({
    message: ({ path, reason }) => `The profile cannot be written to ${path}: ${reason}.`,
    remedy: 'Mend that, or use `eval "$(whippet env)"`, which writes no file.',
  }),
};
