import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isWhippetError } from '../../../errors/index.ts';
import { checkStore, repairStore, type StoreFinding } from '../../../server/index.ts';
import type { LocalServer } from '../find-server.ts';
import { statusOf } from '../private-api.ts';
import { entriesOf, isState, stateFiles } from '../state-folder.ts';
import type { Finding, Surroundings } from './finding.ts';

export interface StateCheck extends Surroundings {
  readonly server: LocalServer | undefined;
  readonly repair: boolean;
}

/** The state's contents where no server uses it, else whether that server answers. */
export async function checkState(check: StateCheck): Promise<Finding[]> {
  const { directory, server } = check;
  if (!isState(directory)) return [absent(directory)];
  const modes = checkModes(check);
  if (server) return [...modes, await checkServer(server)];
  if (!existsSync(join(directory, stateFiles.database))) return [...modes, emptied(directory)];
  return [...modes, ...leftBehind(directory), ...(await checkContents(check))];
}

function absent(directory: string): Finding {
  if (entriesOf(directory).length === 0) {
    return { check: 'state', level: 'info', text: `There is no state at ${directory} yet: \`whippet up\` makes it.` };
  }
  return {
    check: 'state',
    level: 'fail',
    text: `${directory} holds other things than a state.`,
    remedy: 'Name another folder with --state.',
  };
}

/** As `whippet reset` leaves it. */
function emptied(directory: string): Finding {
  const text = `The state ${directory} is empty but for its root key: \`whippet up\` goes on with it.`;
  return { check: 'state', level: 'info', text };
}

/** The key gives everything; the folder keeps the rest from other users. */
function checkModes({ directory, repair }: StateCheck): Finding[] {
  const open = ['', stateFiles.credentials, stateFiles.database]
    .map((name) => join(directory, name))
    .filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
  if (open.length === 0) return [{ check: 'modes', level: 'ok', text: 'Only you can read the state and its key.' }];
  if (!repair) {
    const text = `Other users can read ${open.join(', ')}.`;
    return [{ check: 'modes', level: 'fail', text, remedy: '`whippet doctor --repair` closes them.' }];
  }
  for (const path of open) chmodSync(path, statSync(path).isDirectory() ? 0o700 : 0o600);
  return [{ check: 'modes', level: 'ok', text: `Repaired: other users could read ${open.join(', ')}.` }];
}

async function checkServer(server: LocalServer): Promise<Finding> {
  try {
    const { version } = await statusOf(server);
    const text = `The server ${server.url} (pid ${server.pid}, version ${version}) answers. Its data is checked when it is down.`;
    return { check: 'server', level: 'ok', text };
  } catch (error) {
    if (!isWhippetError(error)) throw error;
    return { check: 'server', level: 'fail', text: error.message, remedy: error.remedy };
  }
}

/** A server that was killed could not take its address back. */
function leftBehind(directory: string): Finding[] {
  if (!existsSync(join(directory, stateFiles.discovery))) return [];
  return [
    {
      check: 'server',
      level: 'info',
      text: 'The last server was killed. The next one puts everything in order as it starts.',
    },
  ];
}

async function checkContents({ directory, repair, now }: StateCheck): Promise<Finding[]> {
  try {
    if (repair) {
      const { repaired, remaining } = await repairStore(directory, now);
      const done = grouped(repaired).map(
        ({ text }): Finding => ({ check: 'state', level: 'ok', text: `Repaired: ${text}` }),
      );
      return [...done, ...judge(remaining, directory)];
    }
    const { findings } = await checkStore(directory);
    return judge(findings, directory);
  } catch (error) {
    if (!isWhippetError(error)) throw error;
    return [{ check: 'state', level: 'fail', text: error.message, remedy: error.remedy }];
  }
}

/** Orphans and halves of uploads are what a kill leaves; the server clears them away by itself. */
const harmless = ['orphan', 'abandoned'];

function judge(findings: readonly StoreFinding[], directory: string): Finding[] {
  // Modes were looked at already.
  const left = findings.filter(({ kind }) => kind !== 'exposed');
  if (left.length === 0)
    return [{ check: 'state', level: 'ok', text: `Database and objects in ${directory} are whole.` }];
  return grouped(left).map(({ kind, repairable, text }): Finding => {
    const level = harmless.includes(kind) ? 'warn' : 'fail';
    return { check: 'state', level, text, remedy: repairable ? '`whippet doctor --repair` sees to it.' : lost(kind) };
  });
}

function lost(kind: StoreFinding['kind']): string {
  if (kind === 'version') return 'Use the version of Whippet that wrote it.';
  return 'Restore the folder from a copy, or store those objects again.';
}

type Group = Pick<StoreFinding, 'kind' | 'repairable'> & {
  /** A sentence, with the first few. */
  readonly text: string;
};

const shown = 3;

/** Findings of the same kind become one: a lost folder alone is thousands of them. */
function grouped(findings: readonly StoreFinding[]): Group[] {
  return Object.keys(kinds).flatMap((kind) =>
    [true, false].flatMap((repairable) => {
      const group = findings.filter((finding) => finding.kind === kind && finding.repairable === repairable);
      if (group.length === 0) return [];
      const examples = group.slice(0, shown).map(({ subject, detail }) => `${subject} (${detail})`);
      const more = group.length > shown ? `, and ${group.length - shown} more` : '';
      const text = `${kinds[kind as StoreFinding['kind']]}: ${examples.join(', ')}${more}.`;
      return { kind: kind as StoreFinding['kind'], repairable, text };
    }),
  );
}

const kinds: Readonly<Record<StoreFinding['kind'], string>> = {
  database: 'The database is inconsistent',
  version: 'The database is not one that this version reads',
  missing: 'Stored bytes are missing',
  damaged: 'Stored bytes are not what they were',
  orphan: 'Stored bytes belong to no object',
  abandoned: 'Uploads broke off',
  exposed: 'Other users can read',
};
