import { type Markup, tag } from './markup.ts';

/** Geometry that all charts of a report share, so that their times stand above each other. */
export const frame = { width: 960, left: 96, right: 12 } as const;

/** The job's time, from its start to its end in seconds since 1970. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a time is drawn; times outside are drawn at the edge. */
export function xOf({ start, end }: Span, time: number): number {
  const along = end > start ? (time - start) / (end - start) : 0;
  const bounded = Math.min(1, Math.max(0, Number.isFinite(along) ? along : 0));
  return round(frame.left + bounded * (frame.width - frame.left - frame.right));
}

const steps = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
  14_400, 43_200, 86_400,
];

/** Grid lines at round times since the start, with their labels below `bottom`. */
export function timeAxis(span: Span, { top, bottom }: { readonly top: number; readonly bottom: number }): Markup {
  const seconds = Math.max(0, span.end - span.start);
  const step = steps.find((candidate) => seconds / candidate <= 8) ?? Math.ceil(seconds / 8 / 86_400) * 86_400;
  const count = Math.min(100, Math.floor(seconds / step));
  const lines = Array.from({ length: count + 1 }, (_, i) => {
    const x = xOf(span, span.start + i * step);
    return [
      tag('line', { class: 'grid', x1: x, x2: x, y1: top, y2: bottom }),
      tag('text', { class: 'tick', x, y: bottom + 16, 'text-anchor': 'middle' }, label(i * step, step)),
    ];
  });
  return tag('g', {}, lines);
}

function label(seconds: number, step: number): string {
  if (step < 0.05) return `${Math.round(seconds * 1000)} ms`;
  if (step < 1) return `${Number(seconds.toFixed(2))} s`;
  if (step < 60)
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  if (step < 3600)
    return seconds < 3600 ? `${seconds / 60} min` : `${Math.floor(seconds / 3600)} h ${(seconds % 3600) / 60}`;
  return `${seconds / 3600} h`;
}

/** Coordinates to a tenth: what is seen, in few bytes. */
export const round = (value: number): number => Math.round(value * 10) / 10;
