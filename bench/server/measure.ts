import { readFileSync } from 'node:fs';

/** What one benchmark found, for people and, with --json, for programs. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What was not measured, and why; what else is to be known. */
  readonly notes: readonly string[];
}

/** Of every benchmark here. */
export interface Options {
  /** Few of everything: to see that it runs, not what comes out. */
  readonly quick: boolean;
  /** Folder of the package whose `bin/whippet` is measured. */
  readonly packageFolder: string;
  /** A `moto_server` to measure beside it, and why there is none. */
  readonly moto: string | undefined;
  /** AWS's command line, of version 1 or 2. */
  readonly aws: string;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function show({ title, columns, rows, notes }: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const text = lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  return `${[`-- ${title}`, ...text, ...notes].join('\n')}\n`;
}

/** Memory of a process in MiB: what it occupies, and what it alone has written to. Linux only. */
export function memoryOf(pid: number): { readonly resident: number; readonly own: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mebibytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024;
  return { resident: mebibytes('Rss'), own: mebibytes('Private_Dirty') };
}

/** Processor milliseconds of a process so far, in steps of 10. Linux only. */
export function processorTime(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
