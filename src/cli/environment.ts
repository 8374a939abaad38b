import { homedir } from 'node:os';
import { join } from 'node:path';

/** The one place where the environment is read. Flags come before it, defaults after. */
export interface Environment {
  /** Weights and features of this user. WHIPPET_CACHE, else XDG_CACHE_HOME/whippet, else ~/.cache/whippet. */
  readonly cacheDirectory: string;
  /** Where openings of test splits are recorded. WHIPPET_LEDGER, else XDG_STATE_HOME/whippet, else ~/.local/state/whippet. */
  readonly ledgerDirectory: string;
  /** HTTPS_PROXY, HTTP_PROXY, NO_PROXY (or lower case). */
  readonly proxy: { readonly https?: string; readonly http?: string; readonly no?: string };
  /** WHIPPET_MIRROR: an origin that replaces that of every download. */
  readonly mirror?: string;
  /** WHIPPET_STATE: the state folder, where `--state` does not name it. */
  readonly state?: string;
  /** Where AWS's clients look for profiles. AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, else in ~/.aws. */
  readonly profiles: { readonly config: string; readonly credentials: string };
  /** The user's home folder. */
  readonly home: string;
  /** SHELL: path of the user's shell. */
  readonly shell?: string;
  /** All of it: what a command that is started for the user inherits. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Colours: off with NO_COLOR or where the stream is no terminal. */
  readonly noColor: boolean;
}

export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const either = (name: string): string | undefined => variables[name] || variables[name.toLowerCase()] || undefined;
  const https = either('HTTPS_PROXY');
  const http = either('HTTP_PROXY');
  const no = either('NO_PROXY');
  const mirror = variables.WHIPPET_MIRROR;
  const state = variables.WHIPPET_STATE;
  const shell = variables.SHELL;
  return {
    cacheDirectory: variables.WHIPPET_CACHE || join(variables.XDG_CACHE_HOME || join(homedir(), '.cache'), 'whippet'),
    ledgerDirectory:
      variables.WHIPPET_LEDGER || join(variables.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'whippet'),
    proxy: { ...(https && { https }), ...(http && { http }), ...(no && { no }) },
    ...(mirror && { mirror }),
    ...(state && { state }),
    home: homedir(),
    profiles: {
      config: variables.AWS_CONFIG_FILE || join(homedir(), '.aws', 'config'),
      credentials: variables.AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials'),
    },
    ...(shell && { shell }),
    variables,
    noColor: Boolean(variables.NO_COLOR),
  };
}
