import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One opening of a test split, one line of JSON. A test split that is opened often has become a second validation split. */
export interface Opening {
  /** Tells openings apart that are otherwise equal. */
  readonly id: string;
  /** Digest of the split (`Manifest.data.digests.test`): the same pictures are the same split, wherever they lie. */
  readonly split: string;
  readonly model: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

const fileName = 'test-openings.jsonl';

/**
 * Records that a test split is looked at, before it is, and says how often that has happened, this time included. The record is on
 * disk when this returns. Processes may do so at the same time: each gets a count of its own.
 * @param directory is created where missing.
 */
export async function openTestSplit(
  directory: string,
  split: string,
  by: { readonly model: string; readonly at: Date },
): Promise<number> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, fileName);
  const opening: Opening = { id: randomUUID(), split, model: by.model, at: by.at.toISOString() };
  await append(file, `${JSON.stringify(opening)}\n`);
  let place = placeOf(opening, await readLedger(file));
  if (place === 0) {
    // The line before was torn by a crash and has swallowed ours, whose newline ended it.
    await append(file, `${JSON.stringify(opening)}\n`);
    place = placeOf(opening, await readLedger(file));
  }
  if (place === 0) throw new Error(`${file} does not keep what is appended to it`);
  return place;
}

/** How often a test split has been opened. 0 where there is no ledger. */
export async function countOpenings(directory: string, split: string): Promise<number> {
  return (await readLedger(join(directory, fileName))).filter((opening) => opening.split === split).length;
}

/** Which opening of its split this is: 1 for the first, 0 where it is not in the ledger. */
function placeOf({ id, split }: Opening, openings: readonly Opening[]): number {
  return openings.filter((opening) => opening.split === split).findIndex((opening) => opening.id === id) + 1;
}

/** One write to a file opened for appending: the kernel puts it after whatever others have written meanwhile. */
async function append(file: string, line: string): Promise<void> {
  const handle = await open(file, 'a');
  try {
    await handle.write(line);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Lines that a crash has torn are passed over: their opening was never granted. */
async function readLedger(file: string): Promise<Opening[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text.split('\n').flatMap((line) => parseOpening(line) ?? []);
}

function parseOpening(line: string): Opening | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    const opening = parsed as Partial<Opening> | null;
    return typeof opening?.id === 'string' && typeof opening.split === 'string' ? (parsed as Opening) : undefined;
  } catch {
    return undefined;
  }
}
