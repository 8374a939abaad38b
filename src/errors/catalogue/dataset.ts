import { defineError } from '../definition.ts';

interface Path {
  path: string;
}

const layouts =
  'Expected is a folder per class (photos/rose/1.jpg), train/ valid/ test/ with a folder per class in each, or --labels FILE.csv.';

const firstOf = (items: readonly string[], limit: number): string =>
  items.slice(0, limit).join(', ') + (items.length > limit ? `, … (${items.length} in all)` : '');

export const datasetErrors = {
  WHIPPET_DATASET_NOT_FOUND: defineError<Path>({
    message: ({ path }) => `There is no data folder ${path}.`,
    remedy: 'Check the spelling; paths are relative to the current folder.',
  }),
  WHIPPET_DATASET_NOT_A_FOLDER: defineError<Path>({
    message: ({ path }) => `${path} is a file, not a data folder.`,
    remedy: ({ path }) =>
      /\.(zip|tgz|tar(\.gz)?)$/i.test(path)
        ? 'Unpack it and give the folder.'
        : `Give the folder that holds the pictures. ${layouts}`,
  }),
  WHIPPET_DATASET_NO_CLASSES: defineError<Path & { inner: string }>({
    message: ({ path, inner }) =>
      inner === ''
        ? `${path} has no folders, so its pictures have no classes.`
        : `${path} holds only one folder, ${inner}, which holds the data set.`,
    remedy: ({ inner }) => (inner === '' ? layouts : `Give ${inner} instead.`),
  }),
  WHIPPET_DATASET_EMPTY: defineError<Path & { refused: number; example: string }>({
    message: ({ path, refused, example }) =>
      refused === 0
        ? `${path} has no pictures in its class folders.`
        : `${path} has no usable picture: ${refused} file(s) refused. The first: ${example}`,
    remedy: layouts,
  }),
  WHIPPET_DATASET_UNREADABLE_FOLDER: defineError<Path & { reason: string }>({
    message: ({ path, reason }) => `The folder ${path} cannot be read: ${reason}.`,
    remedy: 'Give yourself the right to read it, or move it out of the data folder.',
  }),
  WHIPPET_DATASET_ONE_CLASS: defineError<Path & { name: string }>({
    message: ({ path, name }) => `${path} has only one class, ${name}: there is nothing to tell apart.`,
    remedy: 'Add a folder with pictures of something else (a class "other" will do).',
  }),
  WHIPPET_DATASET_NO_TRAIN: defineError<Path>({
    message: ({ path }) => `${path} has no pictures to train on.`,
    remedy: 'Add a train/ folder, or give class folders without splits: then 80 % are for training.',
  }),
  WHIPPET_DATASET_NO_VALID: defineError<Path & { pictures: number }>({
    message: ({ path, pictures }) => `None of the ${pictures} pictures in ${path} is for validation.`,
    remedy: 'Add more pictures (a tenth of them is taken by hash), or a valid/ folder.',
  }),
  WHIPPET_DATASET_CLASS_NOT_IN_TRAIN: defineError<Path & { missing: readonly string[] }>({
    message: ({ path, missing }) =>
      `In ${path}, ${missing.length} class(es) have no picture to train on: ${firstOf(missing, 5)}.`,
    remedy: 'Add pictures of them (about ten each, if the data set has no splits of its own), or remove them.',
  }),
  WHIPPET_DATASET_GROUP_PATTERN: defineError<{ pattern: string; reason: string }>({
    message: ({ pattern, reason }) => `--group-by ${pattern} is not a regular expression: ${reason}.`,
    remedy: "Give one whose first group is the key, such as '([^/]+)_[0-9]+\\.jpg$' for rex_01.jpg, rex_02.jpg.",
    exitCode: 2,
  }),
  WHIPPET_DATASET_LABELS_UNREADABLE: defineError<{ file: string; reason: string }>({
    message: ({ file, reason }) => `The table of labels ${file} cannot be read: ${reason}.`,
    remedy: 'Check that the file exists and that you may read it.',
  }),
  WHIPPET_DATASET_LABELS_COLUMN: defineError<{ file: string; column: string; found: string }>({
    message: ({ file, column, found }) =>
      `${file} has no column "${column}"; its first line says: ${found === '' ? '(nothing)' : found}.`,
    remedy: 'The first line names the columns: path, label, and if wanted split and group.',
  }),
  WHIPPET_DATASET_LABELS_LINE: defineError<{ file: string; line: number; problem: string }>({
    message: ({ file, line, problem }) => `${file}, line ${line}: ${problem}.`,
    remedy: 'Correct that line.',
  }),
  WHIPPET_DATASET_LABELS_MISSING_FILES: defineError<{
    file: string;
    root: string;
    missing: readonly { line: number; path: string }[];
  }>({
    message: ({ file, root, missing }) =>
      `${file} names ${missing.length} file(s) that are not in ${root}: ` +
      `${firstOf(
        missing.map(({ line, path }) => `${path} (line ${line})`),
        5,
      )}.`,
    remedy: 'Paths are relative to the data folder. Correct or remove those lines.',
  }),
};
