import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Names within a state folder. The door of `server/` knows them too, but would load a whole server for them. */
export const stateFiles = {
  discovery: 'server.json',
  credentials: 'credentials.json',
  database: 'state.db',
  lock: 'lock.db',
  /** What a server in the background writes. */
  log: 'server.log',
} as const;

export interface StateChoice {
  /** `--state`. */
  readonly flag?: string | undefined;
  /** WHIPPET_STATE. */
  readonly variable?: string | undefined;
  /** Where the user is. */
  readonly cwd: string;
}

/** The state folder meant: `--state`, else WHIPPET_STATE, else the nearest `.whippet` upwards, else `.whippet` here. Absolute; it may not exist. */
export function stateFolder({ flag, variable, cwd }: StateChoice): string {
  const named = flag ?? variable;
  if (named !== undefined) return resolve(cwd, named);
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, '.whippet');
    if (isState(candidate)) return candidate;
    if (dirname(folder) === folder) return join(cwd, '.whippet');
  }
}

/** True for a folder that a server has used: another `.whippet`, or one that was named by mistake, must not be taken for one. */
export function isState(directory: string): boolean {
  const names = entriesOf(directory);
  return (
    names.includes(stateFiles.credentials) || (names.includes(stateFiles.lock) && names.includes(stateFiles.database))
  );
}

/** Names in a folder; none where it cannot be read. */
export function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
