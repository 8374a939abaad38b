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
  /** Colours: off with NO_COLOR or where the stream is no terminal. */
  readonly noColor: boolean;
}

export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const either = (name: string): string | undefined => variables[name] || variables[name.toLowerCase()] || undefined;
  const https = either('HTTPS_PROXY');
  const http = either('HTTP_PROXY');
  const no = either('NO_PROXY');
  const mirror = variables.WHIPPET_MIRROR;
  return {
    cacheDirectory: variables.WHIPPET_CACHE || join(variables.XDG_CACHE_HOME || join(homedir(), '.cache'), 'whippet'),
    ledgerDirectory:
      variables.WHIPPET_LEDGER || join(variables.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'whippet'),
    proxy: { ...(https && { https }), ...(http && { http }), ...(no && { no }) },
    ...(mirror && { mirror }),
    noColor: Boolean(variables.NO_COLOR),
  };
}
