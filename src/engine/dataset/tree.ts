import { splitNamed, type Tree } from './folders.ts';
import { type Entry, listFolder, walkFolder } from './walk.ts';

/** A tree, and which of its files a class may turn out to own. */
export interface WalkedTree extends Tree {
  readonly wanted: readonly string[];
}

const namesOf = (entries: readonly Entry[]): string[] => entries.map(({ name }) => name);

/**
 * Lists all that may matter below `root`. Where it has splits, whatever lies beside them is not looked into.
 * @throws WHIPPET_DATASET_UNREADABLE_FOLDER
 */
export function walkTree(root: string): WalkedTree {
  const top = listFolder(root, '');
  const splits = top.folders
    .filter(({ name }) => splitNamed(name) !== undefined)
    .map((folder) => ({ folder, listing: listFolder(folder.path, folder.name) }));
  if (splits.some(({ listing }) => listing.folders.length > 0)) {
    const found = splits.flatMap(({ folder, listing }) =>
      listing.folders.map((inner) => walkFolder(inner, [root, folder.path])),
    );
    const wanted = found.flatMap(({ files }) => namesOf(files));
    const listings = [top, ...splits.map(({ listing }) => listing)];
    return {
      folders: listings.flatMap(({ folders }) => namesOf(folders)),
      files: [...listings.flatMap(({ files }) => namesOf(files)), ...wanted],
      refused: [...listings, ...found].flatMap(({ refused }) => refused),
      wanted,
    };
  }
  const found = top.folders.map((folder) => walkFolder(folder, [root, root]));
  const wanted = found.flatMap(({ files }) => namesOf(files));
  const [only] = top.folders;
  const inner = only !== undefined && top.folders.length === 1 ? listFolder(only.path, only.name).folders : [];
  return {
    folders: namesOf([...top.folders, ...inner]),
    files: [...namesOf(top.files), ...wanted],
    refused: [top, ...found].flatMap(({ refused }) => refused),
    wanted,
  };
}
