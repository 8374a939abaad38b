import type { CheckReport } from './check.ts';
import { splits } from './dataset.ts';
import { type Finding, type FindingCode, findingTitles, type Severity } from './findings.ts';

/** Columns of a terminal that nobody has to widen. */
const lineWidth = 100;

/** Of a class table longer than this, the largest and smallest classes are shown. */
const longestClassTable = 24;

/** Findings of one kind that are written out; the others are counted (and are all in the JSON). */
const shownFindings = 8;

const number = (value: number): string => value.toLocaleString('en-GB');

type Cell = string | number;

/** Numbers to the right, words to the left, two spaces between. */
function table(rows: readonly (readonly Cell[])[]): string[] {
  const text = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)));
  const widths = text[0]!.map((_, column) => Math.max(...text.map((row) => displayWidth(row[column]!))));
  const pad = (cell: string, column: number): string => {
    const space = ' '.repeat(widths[column]! - displayWidth(cell));
    return column === 0 ? cell + space : space + cell;
  };
  return text.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd());
}

/** East Asian characters and emoji are two columns wide; combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Emoji_Presentation}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** Shortens a name in its middle: both the beginning and the end tell files apart. */
function shorten(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const half = Math.floor((width - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}

/** Breaks at spaces. What follows a line feed is a command, which stays in one line to be copied. */
function wrap(message: string, indent: string): string[] {
  const [text = '', ...commands] = message.split('\n');
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(`${indent}${line} ${word}`) > lineWidth) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line, ...commands].map((content) => indent + content);
}

function classTable({ classes, counts }: CheckReport): string[] {
  const present = splits.filter((split) => counts[split] !== undefined);
  const rows = classes.map((name, label) => {
    const row = present.map((split) => counts[split]![label]!);
    return { name: shorten(name, 40), row, total: row.reduce((sum, count) => sum + count, 0) };
  });
  const line = ({ name, row, total }: (typeof rows)[number]): Cell[] => [name, ...row, total];
  const sums = present.map((split) => counts[split]!.reduce((sum, count) => sum + count, 0));
  const total = ['all', ...sums, sums.reduce((sum, count) => sum + count, 0)];
  const header = ['class', ...present, 'total'];
  if (rows.length <= longestClassTable) return table([header, ...rows.map(line), total]);
  const sorted = rows.toSorted((a, b) => b.total - a.total);
  const half = 6;
  const dots = [`… ${number(rows.length - 2 * half)} more`, ...present.map(() => ''), ''];
  return table([header, ...sorted.slice(0, half).map(line), dots, ...sorted.slice(-half).map(line), total]);
}

const marks: Record<Severity, string> = { error: 'ERROR', warning: 'warning', info: 'note' };

function findingLines(findings: readonly Finding[]): string[] {
  const byCode = new Map<FindingCode, Finding[]>();
  for (const finding of findings) byCode.set(finding.code, [...(byCode.get(finding.code) ?? []), finding]);
  return [...byCode].flatMap(([code, all]) => {
    const shown = all.slice(0, shownFindings).flatMap(({ message }) => wrap(message, '    '));
    const rest = all.length > shownFindings ? [`    … and ${number(all.length - shownFindings)} more`] : [];
    const count = all.length > 1 ? ` (${number(all.length)})` : '';
    return ['', `  ${marks[all[0]!.severity].padEnd(7)}  ${findingTitles[code]}${count}`, ...shown, ...rest];
  });
}

const layoutNames = { splits: 'given splits', classes: 'split by hash', csv: 'table of labels' } as const;

function summary(report: CheckReport): string[] {
  const formats = Object.entries(report.formats).map(([format, count]) => `${format} ${number(count)}`);
  const sides = report.shorterSides.map(({ from, to, count }) => {
    const range = to === undefined ? `${from}+` : `${from}–${to - 1}`;
    return `${range}: ${number(count)}`;
  });
  const facts = [
    `${number(report.pictures)} pictures, ${number(report.classes.length)} classes, ${layoutNames[report.layout]}`,
    `Formats: ${formats.join(', ') || 'none'}`,
    `Shorter side in pixels: ${sides.join(' · ') || 'none'}`,
  ];
  if (report.imbalance !== undefined) {
    facts.push(`Largest class ÷ smallest in train: ${report.imbalance.toFixed(1)}`);
  }
  return [report.root, ...facts.flatMap((fact) => wrap(fact, '  '))];
}

const several = (n: number, noun: string): string => `${n === 0 ? 'no' : number(n)} ${noun}${n === 1 ? '' : 's'}`;

/** The report as plain text for people, at most 100 columns wide apart from long names and commands. Ends without a line feed. */
export function describeCheck(report: CheckReport): string {
  const count = (severity: Severity): number =>
    report.findings.filter((finding) => finding.severity === severity).length;
  const verdict = `${several(count('error'), 'error')}, ${several(count('warning'), 'warning')}.`;
  const findings = report.findings.length === 0 ? ['', '  Nothing wrong found.'] : findingLines(report.findings);
  return [...summary(report), '', ...classTable(report), ...findings, '', verdict].join('\n');
}
