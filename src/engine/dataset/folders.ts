import { resolve } from 'node:path';
import { userError } from '../../errors/index.ts';
import { byCodePoint } from './code-points.ts';
import type { RefusedFile, Split } from './dataset.ts';

/** What lies below a data set's root, by name with forward slashes: all that its layout is read from. */
export interface Tree {
  /** Those at the root, and those one level below where they decide what is a class. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
  readonly refused: readonly RefusedFile[];
}

/** A file with what the layout says of it, before it was opened. */
export interface Candidate {
  /** Path below the data set's root, forward slashes; absolute if a table names a file elsewhere. */
  readonly name: string;
  readonly className: string;
  readonly split?: Split;
  readonly group?: string;
}

export interface Candidates {
  readonly layout: 'splits' | 'classes' | 'csv';
  readonly candidates: readonly Candidate[];
  readonly refused: readonly RefusedFile[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

const splitNames: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  valid: 'valid',
  val: 'valid',
  validation: 'valid',
  test: 'test',
  testing: 'test',
};

/** `Val`, `validation`, … → 'valid'. */
export function splitNamed(name: string): Split | undefined {
  return splitNames[name.trim().toLowerCase()];
}

/** macOS hands out decomposed names: the same word must be one class on every system. */
export const className = (text: string): string => text.normalize('NFC');

const inFolder = (name: string): string => (name === '' ? 'directly in the data folder' : `directly in ${name}/`);

function looseFiles(files: readonly string[], name: string): Candidates['warnings'] {
  if (files.length === 0) return [];
  const message = `${files.length} file(s) ${inFolder(name)} (such as ${files[0]}) belong to no class folder and are left out.`;
  return [{ code: 'files-without-class', message }];
}

/** `name` cut at its first slashes into at most `parts` parts. */
function cut(name: string, parts: number): string[] {
  const all = name.split('/');
  return all.length <= parts ? all : [...all.slice(0, parts - 1), all.slice(parts - 1).join('/')];
}

/** Names in each folder of `depth` parts, sorted; those that lie less deep are left out. */
function byFolder(names: readonly string[], depth: number): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const name of names) {
    const parts = cut(name, depth + 1);
    if (parts.length <= depth) continue;
    const folder = parts.slice(0, depth).join('/');
    const inside = folders.get(folder);
    if (inside) inside.push(name);
    else folders.set(folder, [name]);
  }
  return folders;
}

const isDirectlyIn = (folder: string, name: string): boolean => !name.slice(folder.length + 1).includes('/');

/**
 * What the names below a root mean: `train/ valid/ test/` with a folder per class if there is such a folder with folders in it,
 * otherwise a folder per class. Folders inside a class folder belong to its class. Nothing is opened, so that the trees of
 * several hosts can be read as one.
 * @throws WHIPPET_DATASET_NO_CLASSES
 */
export function readLayout({ folders, files, refused }: Tree, root: string): Candidates {
  const top = folders.filter((name) => !name.includes('/')).sort(byCodePoint);
  if (top.length === 0) throw userError('WHIPPET_DATASET_NO_CLASSES', { path: root, inner: '' });
  const loose = looseFiles(files.filter((name) => !name.includes('/')).sort(byCodePoint), '');
  const inner = byFolder(folders, 1);
  if (top.some((folder) => splitNamed(folder) !== undefined && inner.has(folder))) {
    return readSplits({ top, files, refused, loose });
  }
  rejectWrapped(root, { top, inner, files });
  const candidates = files.flatMap((name): Candidate[] => {
    const [folder, rest] = cut(name, 2);
    return rest === undefined ? [] : [{ name, className: className(folder as string) }];
  });
  return { layout: 'classes', candidates, refused, warnings: loose };
}

interface SplitTree {
  /** Names of the folders at the root, sorted. */
  readonly top: readonly string[];
  readonly files: readonly string[];
  readonly refused: readonly RefusedFile[];
  /** What there is to say of files at the root. */
  readonly loose: Candidates['warnings'];
}

function readSplits({ top, files, refused, loose }: SplitTree): Candidates {
  const inTop = byFolder(files, 1);
  const candidates: Candidate[] = [];
  const warnings = [...loose];
  for (const folder of top) {
    const split = splitNamed(folder);
    if (split === undefined) continue;
    const inside = inTop.get(folder) ?? [];
    const strays = inside.filter((name) => isDirectlyIn(folder, name)).sort(byCodePoint);
    warnings.push(...looseFiles(strays, folder));
    for (const name of inside) {
      const [, inClass, rest] = cut(name, 3);
      if (rest !== undefined) candidates.push({ name, className: className(inClass as string), split });
    }
  }
  const ignored = top.filter((folder) => splitNamed(folder) === undefined);
  if (ignored.length > 0) {
    const message = `Left out beside the folders of the splits: ${ignored.map((name) => `${name}/`).join(', ')}.`;
    warnings.push({ code: 'folder-beside-splits', message });
  }
  const concerned = refused.filter(({ name }) => {
    const [folder, rest] = cut(name, 2);
    return rest === undefined || splitNamed(folder as string) !== undefined;
  });
  return { layout: 'splits', candidates, refused: concerned, warnings };
}

interface WholeTree {
  readonly top: readonly string[];
  readonly inner: ReadonlyMap<string, readonly string[]>;
  readonly files: readonly string[];
}

/** An unpacked archive often has one folder around everything: one class named after it is never what was meant. */
function rejectWrapped(root: string, { top, inner, files }: WholeTree): void {
  const [only] = top;
  if (only === undefined || top.length !== 1) return;
  const strays = files.filter((name) => name.startsWith(`${only}/`) && isDirectlyIn(only, name));
  if ((inner.get(only)?.length ?? 0) > 1 && strays.length === 0) {
    throw userError('WHIPPET_DATASET_NO_CLASSES', { path: root, inner: resolve(root, only) });
  }
}
