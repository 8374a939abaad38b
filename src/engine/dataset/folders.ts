import { dirname } from 'node:path';
import { userError } from '../../errors/index.ts';
import type { RefusedFile, Split } from './dataset.ts';
import { type Entry, listFolder, walkFolder } from './walk.ts';

/** A file with what the layout says of it, before it was opened. */
export interface Candidate extends Entry {
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

interface ClassFolder extends Entry {
  readonly className: string;
  readonly split?: Split;
}

const inFolder = (name: string): string => (name === '' ? 'directly in the data folder' : `directly in ${name}/`);

function looseFiles(files: readonly Entry[], name: string): Candidates['warnings'] {
  if (files.length === 0) return [];
  const message = `${files.length} file(s) ${inFolder(name)} (such as ${files[0]!.name}) belong to no class folder and are left out.`;
  return [{ code: 'files-without-class', message }];
}

function classFolders(folders: readonly Entry[], split?: Split): ClassFolder[] {
  return folders.map((folder) => ({
    ...folder,
    className: className(folder.name.slice(folder.name.lastIndexOf('/') + 1)),
    ...(split === undefined ? {} : { split }),
  }));
}

function collect(layout: Candidates['layout'], root: string, folders: readonly ClassFolder[]): Candidates {
  const candidates: Candidate[] = [];
  const refused: RefusedFile[] = [];
  for (const { path, name, ...rest } of folders) {
    const found = walkFolder({ path, name }, [root, dirname(path)]);
    for (const file of found.files) candidates.push({ ...rest, ...file });
    refused.push(...found.refused);
  }
  return { layout, candidates, refused, warnings: [] };
}

/**
 * Which files a folder data set has: `train/ valid/ test/` with a folder per class if there is such a folder with folders in it,
 * otherwise a folder per class. Folders inside a class folder belong to its class.
 * @throws WHIPPET_DATASET_NO_CLASSES, WHIPPET_DATASET_UNREADABLE_FOLDER
 */
export function readFolders(root: string): Candidates {
  const top = listFolder(root, '');
  if (top.folders.length === 0) throw userError('WHIPPET_DATASET_NO_CLASSES', { path: root, inner: '' });
  const splitFolders = top.folders.flatMap((folder) => {
    const split = splitNamed(folder.name);
    return split === undefined ? [] : [{ split, folder, listing: listFolder(folder.path, folder.name) }];
  });
  if (!splitFolders.some(({ listing }) => listing.folders.length > 0)) {
    rejectWrapped(root, top.folders);
    const found = collect('classes', root, classFolders(top.folders));
    return { ...found, refused: [...top.refused, ...found.refused], warnings: looseFiles(top.files, '') };
  }
  const found = collect(
    'splits',
    root,
    splitFolders.flatMap(({ split, listing }) => classFolders(listing.folders, split)),
  );
  const ignored = top.folders.filter((folder) => splitNamed(folder.name) === undefined).map(({ name }) => name);
  const warnings = [
    ...looseFiles(top.files, ''),
    ...splitFolders.flatMap(({ folder, listing }) => looseFiles(listing.files, folder.name)),
  ];
  if (ignored.length > 0) {
    const message = `Left out beside the folders of the splits: ${ignored.map((name) => `${name}/`).join(', ')}.`;
    warnings.push({ code: 'folder-beside-splits', message });
  }
  const refused = [...top.refused, ...splitFolders.flatMap(({ listing }) => listing.refused), ...found.refused];
  return { ...found, refused, warnings };
}

/** An unpacked archive often has one folder around everything: one class named after it is never what was meant. */
function rejectWrapped(root: string, folders: readonly Entry[]): void {
  if (folders.length !== 1) return;
  const inner = listFolder(folders[0]!.path, folders[0]!.name);
  if (inner.folders.length > 1 && inner.files.length === 0) {
    throw userError('WHIPPET_DATASET_NO_CLASSES', { path: root, inner: folders[0]!.path });
  }
}
