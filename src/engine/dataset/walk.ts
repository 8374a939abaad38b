import { type Dirent, opendirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { userError } from '../../errors/index.ts';
import { byCodePoint } from './code-points.ts';
import type { RefusedFile } from './dataset.ts';

export interface Entry {
  /** Absolute. */
  readonly path: string;
  /** Path below the data set's root, forward slashes. */
  readonly name: string;
}

export interface Listing {
  readonly folders: readonly Entry[];
  readonly files: readonly Entry[];
  readonly refused: readonly RefusedFile[];
}

/** What operating systems and archivers leave behind. Hidden files (.DS_Store, ._x.jpg) are left out too. */
const litter = new Set(['__MACOSX', 'Thumbs.db', 'ehthumbs.db', 'desktop.ini', '$RECYCLE.BIN', '@eaDir']);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function refusal(name: string, reason: string): RefusedFile {
  const { code, message } = userError('WHIPPET_IMAGE_UNREADABLE', { source: name, reason });
  return { name, code, message };
}

function readFolder(path: string): Dirent[] {
  const entries: Dirent[] = [];
  try {
    const folder = opendirSync(path, { encoding: 'utf8', bufferSize: 256 });
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) entries.push(entry);
    folder.closeSync();
  } catch (error) {
    throw userError('WHIPPET_DATASET_UNREADABLE_FOLDER', { path, reason: reasonOf(error) }, error);
  }
  return entries.sort((a, b) => byCodePoint(a.name, b.name));
}

/**
 * One folder, sorted by code points. Links are followed; broken ones and what is neither file nor folder are refused by name.
 * @throws WHIPPET_DATASET_UNREADABLE_FOLDER
 */
export function listFolder(path: string, name: string): Listing {
  const folders: Entry[] = [];
  const files: Entry[] = [];
  const refused: RefusedFile[] = [];
  for (const dirent of readFolder(path)) {
    if (dirent.name.startsWith('.') || litter.has(dirent.name)) continue;
    const entry = { path: join(path, dirent.name), name: name === '' ? dirent.name : `${name}/${dirent.name}` };
    let kind: Pick<Stats, 'isDirectory' | 'isFile'> = dirent;
    if (dirent.isSymbolicLink()) {
      try {
        kind = statSync(entry.path);
      } catch (error) {
        refused.push(refusal(entry.name, reasonOf(error)));
        continue;
      }
    }
    if (kind.isDirectory()) folders.push(entry);
    else if (kind.isFile()) files.push(entry);
    else refused.push(refusal(entry.name, 'it is neither a file nor a folder'));
  }
  return { folders, files, refused };
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}

/**
 * All files below a folder, at any depth. A link back to a folder on the way here, or to one of `enclosing`, is refused: so the walk
 * ends, and no class swallows the others.
 * @throws WHIPPET_DATASET_UNREADABLE_FOLDER
 */
export function walkFolder(start: Entry, enclosing: readonly string[]): Pick<Listing, 'files' | 'refused'> {
  const files: Entry[] = [];
  const refused: RefusedFile[] = [];
  const visit = (folder: Entry, above: readonly string[]): void => {
    const identity = identityOf(folder.path);
    if (above.includes(identity)) {
      refused.push(refusal(folder.name, 'it is a link to a folder that contains it'));
      return;
    }
    const listing = listFolder(folder.path, folder.name);
    files.push(...listing.files);
    refused.push(...listing.refused);
    for (const inner of listing.folders) visit(inner, [...above, identity]);
  };
  visit(start, enclosing.map(identityOf));
  return { files, refused };
}
