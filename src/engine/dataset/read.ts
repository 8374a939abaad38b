import { resolve } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { Dataset } from './dataset.ts';
import { fingerprintListing, hasFolder, listInventory, type ReadOptions } from './inventory.ts';
import { findCandidates, mergeInventories } from './merge.ts';

export type { ReadOptions } from './inventory.ts';

/**
 * Reads a labelled picture collection: finds, names and hashes its files, and gives each a split. Nothing is decoded; files that do
 * not begin like a picture are refused by name, not fatal.
 * @throws WHIPPET_DATASET_NOT_FOUND, _NOT_A_FOLDER, _EMPTY, _NO_CLASSES, _UNREADABLE_FOLDER, _LABELS_*, _GROUP_PATTERN
 */
export async function readDataset(root: string, options: ReadOptions = {}): Promise<Dataset> {
  const absolute = resolve(root);
  if (!hasFolder(absolute)) throw userError('WHIPPET_DATASET_NOT_FOUND', { path: absolute });
  const whole = { ...options, root: absolute };
  const listing = await listInventory(absolute, options);
  // What names alone can tell to be wrong is told before hours of reading.
  findCandidates([{ host: '', inventory: { ...listing, files: [] } }], listing.wanted, whole);
  const inventory = await fingerprintListing(absolute, listing, options);
  return mergeInventories([{ host: '', inventory }], whole).dataset;
}
