import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { Listener } from '../events.ts';
import type { RefusedFile } from './dataset.ts';
import { isDrawnSample } from './drawing/stamp.ts';
import { fingerprintAll } from './fingerprint.ts';
import { type LabelTable, readLabels, tableCandidates } from './labels.ts';
import { walkTree } from './tree.ts';

export interface ReadOptions {
  /** A CSV table with the columns path, label and if wanted split and group, instead of folders per class. */
  readonly labelsFile?: string | undefined;
  /**
   * What pictures have in common that must not come into two splits. With folders: a regular expression on a picture's name below the
   * root, whose first group (or whole match) is the key. With a table: the column of the key, `group` by default.
   */
  readonly groupBy?: string | undefined;
  readonly onEvent?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file that a class may own: its SHA-256 (hex), or why it cannot be used. */
export type InventoryFile = { readonly name: string; readonly digest: string } | RefusedFile;

/**
 * What one host has of a data set, as plain data: everything that classes, splits and samples are derived from, except the bytes.
 * Nothing in it depends on where the host keeps the files.
 */
export interface Inventory {
  /** Folders that decide the layout, by name. None with a table. */
  readonly folders: readonly string[];
  readonly files: readonly InventoryFile[];
  /** Names of files that no class can own. */
  readonly loose: readonly string[];
  /** What is no file, such as a broken link. */
  readonly refused: readonly RefusedFile[];
  readonly table?: LabelTable;
  /** Whether the root has the stamp of a drawn sample. */
  readonly drawn: boolean;
}

/** @throws WHIPPET_DATASET_NOT_A_FOLDER */
export function hasFolder(root: string): boolean {
  const stats = statSync(root, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) throw userError('WHIPPET_DATASET_NOT_A_FOLDER', { path: root });
  return stats !== undefined;
}

type Listing = Omit<Inventory, 'files'> & { readonly wanted: readonly string[] };

/** Finds the files of a data set without opening them; none where there is no folder. @throws as `readInventory` */
export async function listInventory(root: string, { labelsFile, groupBy }: ReadOptions): Promise<Listing> {
  const exists = hasFolder(root);
  const drawn = await isDrawnSample(root);
  if (labelsFile !== undefined) {
    const file = resolve(labelsFile);
    const table = readLabels(root, file, groupBy);
    const known = table.rows.filter(({ name }) => name !== undefined);
    const wanted = tableCandidates(known, { root, file }).candidates.map(({ name }) => name);
    return { folders: [], loose: [], refused: [], table, drawn, wanted };
  }
  if (!exists) return { folders: [], loose: [], refused: [], drawn, wanted: [] };
  const { folders, files, refused, wanted } = walkTree(root);
  const owned = new Set(wanted);
  return { folders, loose: files.filter((name) => !owned.has(name)), refused, drawn, wanted };
}

/** Reads and hashes the files that were listed. Ones that do not begin like a picture are named, not fatal. */
export async function fingerprintListing(
  root: string,
  { wanted, ...rest }: Listing,
  { onEvent, signal }: ReadOptions,
): Promise<Inventory> {
  const total = wanted.length;
  const prints = await fingerprintAll(
    wanted.map((name) => ({ name, path: resolve(root, name) })),
    {
      signal,
      onProgress: (done) => onEvent?.({ type: 'progress', stage: 'read', done, total, unit: 'pictures' }),
    },
  );
  const files = wanted.map((name, at): InventoryFile => {
    const print = prints[at]!;
    return 'digest' in print ? { name, digest: print.digest } : { name, ...print };
  });
  return { ...rest, files };
}

/**
 * What this host has of a data set: finds, names and hashes its files. Whether they make a data set is not asked, as other hosts may
 * have the rest of it; of a root that does not exist there is nothing.
 * @throws WHIPPET_DATASET_NOT_A_FOLDER, _UNREADABLE_FOLDER, _LABELS_UNREADABLE, _LABELS_COLUMN, _LABELS_LINE
 */
export async function readInventory(root: string, options: ReadOptions = {}): Promise<Inventory> {
  const absolute = resolve(root);
  return fingerprintListing(absolute, await listInventory(absolute, options), options);
}
