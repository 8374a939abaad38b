import { resolve } from 'node:path';
import { userError } from '../../errors/index.ts';
import { byCodePoint } from './code-points.ts';
import { type Dataset, type RefusedFile, type Sample, splits } from './dataset.ts';
import { divide } from './division.ts';
import { type Candidate, type Candidates, readLayout } from './folders.ts';
import type { Inventory, InventoryFile, ReadOptions } from './inventory.ts';
import { type TableRow, tableCandidates } from './labels.ts';

export interface HostInventory {
  /** What messages call the host. */
  readonly host: string;
  readonly inventory: Inventory;
}

export interface MergeOptions extends ReadOptions {
  /** Absolute path of the data set on this host: it makes the paths of samples. */
  readonly root: string;
}

export interface MergedDataset {
  readonly dataset: Dataset;
  /** Which hosts have a file with these bytes, by digest, in the order of the inventories. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
}

interface Found {
  readonly host: string;
  readonly file: InventoryFile;
}

/**
 * Files of all hosts by name. One that a host could not read counts as what another has read.
 * @throws WHIPPET_PEERS_FILES_DIFFER
 */
function filesByName(inventories: readonly HostInventory[]): Map<string, InventoryFile> {
  const found = new Map<string, Found>();
  for (const { host, inventory } of inventories) {
    for (const file of inventory.files) {
      const before = found.get(file.name);
      if (before === undefined || !('digest' in before.file)) found.set(file.name, { host, file });
      else if ('digest' in file && file.digest !== before.file.digest) {
        throw userError('WHIPPET_PEERS_FILES_DIFFER', { name: file.name, hosts: [before.host, host] });
      }
    }
  }
  return new Map([...found].map(([name, { file }]) => [name, file]));
}

/** The rows of the table that all hosts read, each with its file where any host has it. @throws WHIPPET_PEERS_FILES_DIFFER */
function mergeRows(inventories: readonly HostInventory[], labelsFile: string): TableRow[] {
  const [first, ...others] = inventories.map(({ host, inventory }) => ({ host, table: inventory.table }));
  for (const { host, table } of others) {
    if (table?.digest === first?.table?.digest) continue;
    throw userError('WHIPPET_PEERS_FILES_DIFFER', { name: labelsFile, hosts: [first?.host ?? '', host] });
  }
  const tables = inventories.flatMap(({ inventory }) => inventory.table ?? []);
  return (first?.table?.rows ?? []).map((row, at) => tables.find(({ rows }) => rows[at]?.name)?.rows[at] ?? row);
}

function groupPattern(groupBy: string): RegExp {
  try {
    return new RegExp(groupBy, 'u');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw userError('WHIPPET_DATASET_GROUP_PATTERN', { pattern: groupBy, reason }, error);
  }
}

function withGroups(found: Candidates, groupBy: string): Candidates {
  const pattern = groupPattern(groupBy);
  let unmatched = 0;
  const candidates = found.candidates.map((candidate): Candidate => {
    const match = pattern.exec(candidate.name);
    if (match === null) unmatched++;
    return match === null ? candidate : { ...candidate, group: match[1] ?? match[0] };
  });
  if (unmatched === 0) return found.candidates.length === 0 ? found : { ...found, candidates };
  const message = `${unmatched} of ${candidates.length} names do not match ${groupBy}: each of them is a group of its own.`;
  return { ...found, candidates, warnings: [...found.warnings, { code: 'group-unmatched', message }] };
}

const distinct = <T>(values: Iterable<T>): T[] => [...new Set(values)];

/** What the names that hosts have mean together. @throws WHIPPET_DATASET_NO_CLASSES, _LABELS_*, _GROUP_PATTERN */
export function findCandidates(
  inventories: readonly HostInventory[],
  names: readonly string[],
  { root, labelsFile, groupBy }: MergeOptions,
): Candidates {
  if (labelsFile !== undefined) {
    return tableCandidates(mergeRows(inventories, labelsFile), { root, file: resolve(labelsFile) });
  }
  const parts = inventories.map(({ inventory }) => inventory);
  const refused = new Map(parts.flatMap((part) => part.refused.map((file) => [file.name, file] as const)));
  const tree = {
    folders: distinct(parts.flatMap(({ folders }) => folders)),
    files: distinct([...parts.flatMap(({ loose }) => loose), ...names]),
    refused: [...refused.values()],
  };
  const found = readLayout(tree, root);
  return groupBy === undefined ? found : withGroups(found, groupBy);
}

function bySplitLabelDigest(a: Sample, b: Sample): number {
  return (
    splits.indexOf(a.split) - splits.indexOf(b.split) ||
    a.label - b.label ||
    byCodePoint(a.digest, b.digest) ||
    byCodePoint(a.name, b.name)
  );
}

type Fingerprinted = Candidate & { readonly digest: string };

/** Candidates with their digests, and the files that are none. */
function withDigests({ candidates, refused }: Candidates, files: ReadonlyMap<string, InventoryFile>) {
  const pictures: Fingerprinted[] = [];
  const unusable: RefusedFile[] = [...refused];
  for (const candidate of candidates) {
    const file = files.get(candidate.name)!;
    if ('digest' in file) pictures.push({ ...candidate, digest: file.digest });
    else unusable.push(file);
  }
  return { pictures, refused: unusable.sort((a, b) => byCodePoint(a.name, b.name)) };
}

function samplesOf(divided: readonly (Fingerprinted & Pick<Sample, 'split'>)[], root: string) {
  const classes = distinct(divided.map(({ className }) => className)).sort(byCodePoint);
  const labels = new Map(classes.map((name, label) => [name, label]));
  const samples = divided.map(
    ({ name, className, split, digest, group }): Sample => ({
      path: resolve(root, name),
      name,
      label: labels.get(className)!,
      split,
      digest,
      ...(group === undefined ? {} : { group }),
    }),
  );
  return { classes, samples: samples.sort(bySplitLabelDigest) };
}

/**
 * Makes one data set of what several hosts have: the very one that a host with all the files would read. Hosts may have the same
 * files (then under the same names), different ones, or something of both.
 * @throws WHIPPET_PEERS_FILES_DIFFER, WHIPPET_DATASET_EMPTY, _NO_CLASSES, _LABELS_LINE, _LABELS_MISSING_FILES, _GROUP_PATTERN
 */
export function mergeInventories(inventories: readonly HostInventory[], options: MergeOptions): MergedDataset {
  const { root, onEvent } = options;
  const files = filesByName(inventories);
  const found = findCandidates(inventories, [...files.keys()], options);
  for (const warning of found.warnings) onEvent?.({ type: 'warning', ...warning });
  const { pictures, refused } = withDigests(found, files);
  for (const file of refused) onEvent?.({ type: 'picture-refused', ...file });
  if (pictures.length === 0) {
    const example = refused[0]?.message ?? '';
    throw userError('WHIPPET_DATASET_EMPTY', { path: root, refused: refused.length, example });
  }
  const { divided, taken } = divide(pictures);
  if (taken > 0) {
    const message = `There is no valid split: ${taken} of the train pictures, chosen by their hash, serve as valid.`;
    onEvent?.({ type: 'warning', code: 'valid-taken-from-train', message });
  }
  const drawn = inventories.some(({ inventory }) => inventory.drawn);
  const dataset = { root, layout: found.layout, ...samplesOf(divided, root), refused, drawn };
  return { dataset, holders: holdersOf(inventories) };
}

function holdersOf(inventories: readonly HostInventory[]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const { host, inventory } of inventories) {
    for (const digest of new Set(inventory.files.flatMap((file) => ('digest' in file ? file.digest : [])))) {
      const others = holders.get(digest);
      if (others) others.push(host);
      else holders.set(digest, [host]);
    }
  }
  return holders;
}
