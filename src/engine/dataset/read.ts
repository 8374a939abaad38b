import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { Listener } from '../events.ts';
import { byCodePoint } from './code-points.ts';
import { type Dataset, type RefusedFile, type Sample, splits } from './dataset.ts';
import { divide } from './division.ts';
import { fingerprintAll } from './fingerprint.ts';
import { type Candidate, type Candidates, readFolders } from './folders.ts';
import { readLabels } from './labels.ts';

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

function requireFolder(root: string): void {
  const stats = statSync(root, { throwIfNoEntry: false });
  if (stats === undefined) throw userError('WHIPPET_DATASET_NOT_FOUND', { path: root });
  if (!stats.isDirectory()) throw userError('WHIPPET_DATASET_NOT_A_FOLDER', { path: root });
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

function findCandidates(root: string, { labelsFile, groupBy }: ReadOptions): Candidates {
  if (labelsFile !== undefined) return readLabels(root, resolve(labelsFile), groupBy);
  const found = readFolders(root);
  return groupBy === undefined ? found : withGroups(found, groupBy);
}

type Fingerprinted = Candidate & { readonly digest: string };

async function readFiles(found: Candidates, { onEvent, signal }: ReadOptions) {
  const { candidates } = found;
  const prints = await fingerprintAll(candidates, {
    signal,
    onProgress: (done) =>
      onEvent?.({ type: 'progress', stage: 'read', done, total: candidates.length, unit: 'pictures' }),
  });
  const pictures: Fingerprinted[] = [];
  const refused: RefusedFile[] = [...found.refused];
  candidates.forEach((candidate, i) => {
    const print = prints[i]!;
    if ('digest' in print) pictures.push({ ...candidate, digest: print.digest });
    else refused.push({ name: candidate.name, ...print });
  });
  return { pictures, refused: refused.sort((a, b) => byCodePoint(a.name, b.name)) };
}

function bySplitLabelDigest(a: Sample, b: Sample): number {
  return (
    splits.indexOf(a.split) - splits.indexOf(b.split) ||
    a.label - b.label ||
    byCodePoint(a.digest, b.digest) ||
    byCodePoint(a.name, b.name)
  );
}

/**
 * Reads a labelled picture collection: finds, names and hashes its files, and gives each a split. Nothing is decoded; files that do
 * not begin like a picture are refused by name, not fatal.
 * @throws WHIPPET_DATASET_NOT_FOUND, _NOT_A_FOLDER, _EMPTY, _NO_CLASSES, _UNREADABLE_FOLDER, _LABELS_*, _GROUP_PATTERN
 */
export async function readDataset(root: string, options: ReadOptions = {}): Promise<Dataset> {
  const absolute = resolve(root);
  requireFolder(absolute);
  const found = findCandidates(absolute, options);
  for (const warning of found.warnings) options.onEvent?.({ type: 'warning', ...warning });
  const { pictures, refused } = await readFiles(found, options);
  for (const file of refused) options.onEvent?.({ type: 'picture-refused', ...file });
  if (pictures.length === 0) {
    throw userError('WHIPPET_DATASET_EMPTY', {
      path: absolute,
      refused: refused.length,
      example: refused[0]?.message ?? '',
    });
  }
  const { divided, taken } = divide(pictures);
  if (taken > 0) {
    const message = `There is no valid split: ${taken} of the train pictures, chosen by their hash, serve as valid.`;
    options.onEvent?.({ type: 'warning', code: 'valid-taken-from-train', message });
  }
  const classes = [...new Set(pictures.map((picture) => picture.className))].sort(byCodePoint);
  const labels = new Map(classes.map((name, label) => [name, label]));
  const samples = divided.map(
    ({ path, name, className, split, digest, group }): Sample => ({
      path,
      name,
      label: labels.get(className)!,
      split,
      digest,
      ...(group === undefined ? {} : { group }),
    }),
  );
  return { root: absolute, layout: found.layout, classes, samples: samples.sort(bySplitLabelDigest), refused };
}
