import { frame, round, type Span, timeAxis, xOf } from './axis.ts';
import { type Markup, tag } from './markup.ts';

export interface Series {
  readonly name: string;
  /** `a` to `c`: how it is drawn. */
  readonly look: 'a' | 'b' | 'c';
  readonly points: readonly { readonly time: number; readonly value: number }[];
}

export interface LineChart {
  /** Said to those who can't see it, and the label on the left. */
  readonly title: string;
  readonly description: string;
  readonly span: Span;
  readonly series: readonly Series[];
  /** Top of the scale; from 0. Default: the highest value. */
  readonly top?: number;
  readonly label: (value: number) => string;
}

const height = 92;
const top = 8;
const bottom = height - 24;

/** Values over the time of the job. The first series has its area filled. */
export function lineChart({ title, description, span, series, top: given, label }: LineChart): Markup {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value)).filter(Number.isFinite);
  const highest = given ?? roundUp(Math.max(0, ...values));
  const y = (value: number): number => {
    const along = Math.min(1, Math.max(0, Number.isFinite(value) ? value / highest : 0));
    return round(bottom - along * (bottom - top));
  };
  const levels = [0, highest / 2, highest].map((value) => [
    tag('line', { class: 'grid', x1: frame.left, x2: frame.width - frame.right, y1: y(value), y2: y(value) }),
    tag('text', { class: 'tick', x: frame.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, label(value)),
  ]);
  return tag(
    'svg',
    { class: 'chart', viewBox: `0 0 ${frame.width} ${height}`, role: 'img' },
    tag('title', {}, title),
    tag('desc', {}, description),
    timeAxis(span, { top, bottom }),
    levels,
    series.map((one, index) => drawn(one, { span, y, filled: index === 0 })),
  );
}

function drawn(
  { points, look }: Series,
  { span, y, filled }: { readonly span: Span; y(value: number): number; readonly filled: boolean },
): Markup[] {
  const places = points.map(({ time, value }) => `${xOf(span, time)} ${y(value)}`);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const path = `M${places.join('L')}`;
  const area = `${path}L${xOf(span, last.time)} ${bottom}L${xOf(span, first.time)} ${bottom}Z`;
  const line =
    points.length === 1
      ? tag('circle', { class: `dot-${look}`, cx: xOf(span, first.time), cy: y(first.value), r: 3 })
      : tag('path', { class: `line-${look}`, d: path });
  return filled && points.length > 1 ? [tag('path', { class: `area-${look}`, d: area }), line] : [line];
}

/** The next of 1, 2, 2.5, 5 and 10 times a power of ten. */
function roundUp(value: number): number {
  if (!(value > 1e-9)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5].find((factor) => value <= factor * power * (1 + 1e-9)) ?? 10) * power;
}
