/** The one file that knows csv-parse. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { userError } from '../../errors/index.ts';
import type { Split } from './dataset.ts';
import { type Candidate, type Candidates, className, splitNamed } from './folders.ts';

interface Row {
  /** From 1, the header being line 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface Columns {
  readonly path: number;
  readonly label: number;
  readonly split: number | undefined;
  readonly group: number | undefined;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw userError('WHIPPET_DATASET_LABELS_UNREADABLE', { file, reason }, error);
  }
}

/** Spreadsheets in half of Europe write semicolons. The header decides. */
function delimiterOf(text: string): string {
  const header = text.slice(0, Math.max(0, text.indexOf('\n')) || text.length);
  return [',', ';', '\t'].find((delimiter) => header.includes(delimiter)) ?? ',';
}

function parseRows(text: string, file: string): Row[] {
  const options = {
    delimiter: delimiterOf(text),
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  };
  try {
    const rows = parse(text, options) as unknown as { info: { lines: number }; record: string[] }[];
    return rows.map(({ info, record }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error.lines ?? 0);
    throw userError('WHIPPET_DATASET_LABELS_LINE', { file, line, problem: error.message }, error);
  }
}

function findColumns(header: readonly string[], file: string, groupBy: string | undefined): Columns {
  const names = header.map((cell) => cell.toLowerCase());
  const find = (name: string): number | undefined => {
    const index = names.indexOf(name.toLowerCase());
    return index < 0 ? undefined : index;
  };
  const need = (column: string): number => {
    const index = find(column);
    if (index !== undefined) return index;
    throw userError('WHIPPET_DATASET_LABELS_COLUMN', { file, column, found: header.join(', ') });
  };
  return {
    path: need('path'),
    label: need('label'),
    split: find('split'),
    group: groupBy === undefined ? find('group') : need(groupBy),
  };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Written on Windows, read elsewhere: backslashes separate folders only where no such file exists. */
function locate(root: string, text: string): string | undefined {
  return [text, text.replaceAll('\\', '/')].map((path) => resolve(root, path)).find(isFile);
}

function nameOf(root: string, path: string): string {
  const below = relative(root, path);
  return below.startsWith('..') || isAbsolute(below) ? path : below.split(sep).join('/');
}

function rowSplit(text: string, fail: (problem: string) => Error): Split | undefined {
  if (text === '') return undefined;
  const split = splitNamed(text);
  if (split === undefined) throw fail(`the split is "${text}", not train, valid or test`);
  return split;
}

/** What a row of a table says. */
export interface TableRow {
  /** From 1, the header being line 1. */
  readonly line: number;
  /** The path as it is written. */
  readonly written: string;
  /** The file's name in the data set; absent where there is no such file. */
  readonly name?: string;
  readonly className: string;
  readonly split?: Split;
  readonly group?: string;
}

/** A table of labels, each row looked up among the files below the root. */
export interface LabelTable {
  /** SHA-256 of its text, hex: two hosts with the same digest read the same table. */
  readonly digest: string;
  readonly rows: readonly TableRow[];
}

function readRow({ line, cells }: Row, columns: Columns, { root, file }: { root: string; file: string }): TableRow {
  const fail = (problem: string) => userError('WHIPPET_DATASET_LABELS_LINE', { file, line, problem });
  const cell = (column: number | undefined): string => (column === undefined ? '' : (cells[column] ?? ''));
  const written = cell(columns.path);
  if (written === '') throw fail('the path is empty');
  if (cell(columns.label) === '') throw fail('the label is empty');
  const split = rowSplit(cell(columns.split), fail);
  const group = cell(columns.group);
  const path = locate(root, written);
  return {
    line,
    written,
    ...(path !== undefined && { name: nameOf(root, path) }),
    className: className(cell(columns.label)),
    ...(split !== undefined && { split }),
    ...(group !== '' && { group }),
  };
}

/**
 * Reads a table with the columns path and label, and if wanted split and group (`groupBy` names another column for it). Paths are
 * relative to `root`.
 * @throws WHIPPET_DATASET_LABELS_UNREADABLE, _COLUMN, _LINE (with the line's number)
 */
export function readLabels(root: string, file: string, groupBy?: string): LabelTable {
  const text = readText(file);
  const [header, ...rows] = parseRows(text, file);
  if (header === undefined) throw userError('WHIPPET_DATASET_LABELS_COLUMN', { file, column: 'path', found: '' });
  const columns = findColumns(header.cells, file, groupBy);
  return {
    digest: createHash('sha256').update(text).digest('hex'),
    rows: rows.map((row) => readRow(row, columns, { root, file })),
  };
}

/**
 * What the rows of a table say of its files. A file may have several rows if they say the same.
 * @throws WHIPPET_DATASET_LABELS_LINE (with the line's number), _MISSING_FILES
 */
export function tableCandidates(rows: readonly TableRow[], { root, file }: { root: string; file: string }): Candidates {
  const missing: { line: number; path: string }[] = [];
  const seen = new Map<string, { line: number; candidate: Candidate }>();
  let repeated = 0;
  for (const { line, written, name, ...said } of rows) {
    if (name === undefined) {
      missing.push({ line, path: written });
      continue;
    }
    const before = seen.get(name);
    if (before === undefined) {
      seen.set(name, { line, candidate: { name, ...said } });
    } else if (before.candidate.className !== said.className || before.candidate.split !== said.split) {
      const problem = `${name} is said to be something else on line ${before.line}`;
      throw userError('WHIPPET_DATASET_LABELS_LINE', { file, line, problem });
    } else repeated++;
  }
  if (missing.length > 0) {
    throw userError('WHIPPET_DATASET_LABELS_MISSING_FILES', { file, root, missing });
  }
  const message = `${repeated} row(s) of ${basename(file)} repeat an earlier one.`;
  const warnings = repeated > 0 ? [{ code: 'repeated-rows', message }] : [];
  return { layout: 'csv', candidates: [...seen.values()].map(({ candidate }) => candidate), refused: [], warnings };
}
