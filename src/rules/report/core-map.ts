import type { SystemSample } from '../records.ts';
import { frame, round, type Span, timeAxis, xOf } from './axis.ts';
import { type Markup, tag } from './markup.ts';

const levels = 5;
/** Rows of more cores than these would be hairlines: cores are put together. */
const mostRows = 32;

/** Utilisation of every core over time: the darker, the busier. */
export function coreMap(points: readonly SystemSample[], span: Span, interval: number): Markup {
  const cores = Math.max(0, ...points.map(({ cpu }) => cpu.length));
  const perRow = Math.max(1, Math.ceil(cores / mostRows));
  const rows = Math.ceil(cores / perRow);
  const rowHeight = rows <= 4 ? 16 : rows <= 12 ? 11 : 6;
  const [top, bottom] = [4, 4 + rows * rowHeight];
  const cells: string[][] = Array.from({ length: levels }, () => []);
  for (const [index, { cpu, time }] of points.entries()) {
    const from = xOf(span, points[index - 1]?.time ?? time - interval);
    const width = round(xOf(span, time) - from);
    for (let row = 0; row < rows && width > 0; row++) {
      const level = levelOf(cpu.slice(row * perRow, (row + 1) * perRow));
      cells[level]!.push(`M${from} ${top + row * rowHeight + 0.5}h${width}v${rowHeight - 1}h${-width}z`);
    }
  }
  const names = Array.from({ length: rows }, (_, row) => rowName(row, perRow, cores));
  return tag(
    'svg',
    { class: 'chart', viewBox: `0 0 ${frame.width} ${bottom + 24}`, role: 'img' },
    tag('title', {}, 'Utilisation of each core'),
    tag('desc', {}, `${cores} cores over the time of the job, from idle to busy in ${levels} shades.`),
    timeAxis(span, { top, bottom }),
    cells.map((paths, level) => paths.length > 0 && tag('path', { class: `heat-${level}`, d: paths.join('') })),
    names.map((name, row) =>
      rowHeight < 10 && row % 4 !== 0
        ? undefined
        : tag(
            'text',
            { class: 'tick', x: frame.left - 8, y: top + (row + 0.5) * rowHeight + 4, 'text-anchor': 'end' },
            name,
          ),
    ),
  );
}

function levelOf(cores: readonly number[]): number {
  const mean = cores.reduce((sum, core) => sum + core, 0) / Math.max(1, cores.length);
  return Math.min(levels - 1, Math.max(0, Math.floor((Number.isFinite(mean) ? mean : 0) / (100 / levels))));
}

function rowName(row: number, perRow: number, cores: number): string {
  if (perRow === 1) return `core ${row}`;
  return `cores ${row * perRow}–${Math.min(cores, (row + 1) * perRow) - 1}`;
}
