import { frame, round, type Span, timeAxis, xOf } from './axis.ts';
import { type Content, type Markup, nameOf, tag } from './markup.ts';
import type { HostProfile } from './profile.ts';
import { duration } from './units.ts';

const rowHeight = 30;

/** What each instance was doing when. Phases that stand for a known activity keep their colour in all reports. */
export function timeline(hosts: readonly HostProfile[], span: Span): Markup {
  const names = [...new Set(hosts.flatMap(({ phases }) => phases.map(({ name }) => name)))];
  const bottom = 4 + hosts.length * rowHeight;
  const rows = hosts.map((host, row) => hostRow(host, { row, names, span }));
  return tag(
    'figure',
    {},
    tag(
      'svg',
      { class: 'chart', viewBox: `0 0 ${frame.width} ${bottom + 24}`, role: 'img' },
      tag('title', {}, 'Phases of each instance'),
      tag('desc', {}, hosts.map(describe).join('. ')),
      timeAxis(span, { top: 4, bottom }),
      rows,
    ),
    tag(
      'p',
      { class: 'legend' },
      names.map((name) => legend(name, names, hosts)),
    ),
  );
}

function hostRow(
  { host, phases }: HostProfile,
  { row, names, span }: { readonly row: number; readonly names: readonly string[]; readonly span: Span },
): Content {
  const y = 4 + row * rowHeight;
  return [
    tag('text', { class: 'tick', x: frame.left - 8, y: y + 19, 'text-anchor': 'end' }, host),
    phases.map(({ name, start, end }) => {
      const x = xOf(span, start);
      // A phase that is too short to see is still there.
      const width = Math.max(1.5, round(xOf(span, end) - x));
      const look = { class: `phase-${colourOf(name, names)}`, x, width, y: y + 4, height: rowHeight - 8, rx: 3 };
      const words = `${name}: ${duration(end - start)}`;
      return [
        tag('rect', look, tag('title', {}, `${host}, ${words}`)),
        width > 8 * words.length && tag('text', { class: 'in-phase', x: x + 8, y: y + 19 }, words),
      ];
    }),
  ];
}

function describe({ host, phases }: HostProfile): string {
  return `${host}: ${phases.map(({ name, start, end }) => `${name} ${duration(end - start)}`).join(', ')}`;
}

function legend(name: string, names: readonly string[], hosts: readonly HostProfile[]): Content {
  const own = hosts.map(({ phases }) => secondsIn(phases, name));
  const longest = Math.max(0, ...own);
  return tag(
    'span',
    {},
    tag('i', { class: `key phase-${colourOf(name, names)}` }),
    nameOf(name),
    ` ${duration(longest)}`,
  );
}

/** Seconds of all phases of this name. */
export function secondsIn(phases: HostProfile['phases'], name: string): number {
  return phases.reduce((sum, phase) => (phase.name === name ? sum + Math.max(0, phase.end - phase.start) : sum), 0);
}

const known = ['reading', 'extracting', 'training', 'saving'];
const colours = 6;

function colourOf(name: string, names: readonly string[]): number {
  const index = known.indexOf(name);
  if (index >= 0) return index;
  const others = names.filter((one) => !known.includes(one));
  return known.length + (others.indexOf(name) % (colours - known.length));
}
