import type { Random } from '../../../random/index.ts';
import type { Coat, Texture } from './breed.ts';
import { between, several } from './chance.ts';
import type { Figure } from './figure.ts';
import { at, type Box, closedPath, ellipse, mix, type Outline, openPath, type Point, walked } from './geometry.ts';
import { blend, type Colour, path, stroke } from './paint.ts';

/** What markings follow. */
export type MarkedParts = Pick<Figure, 'spine' | 'depth' | 'paws' | 'breast' | 'frontal'>;

/** Irregular roundish spot. */
function blotch(random: Random, centre: Point, radius: number): Outline {
  return several(8, (i) => {
    const angle = (i * Math.PI) / 4;
    const reach = radius * between(random, 0.68, 1.25);
    return at(centre.x + Math.cos(angle) * reach * 1.2, centre.y + Math.sin(angle) * reach);
  });
}

function within(random: Random, { left, top, right, bottom }: Box): Point {
  return at(between(random, left, right), between(random, top, bottom));
}

/** A point of the trunk: along the spine, and hanging below it by up to `depth`. */
function onTrunk(random: Random, { spine, depth }: MarkedParts): Point {
  const along = random.next() * (spine.length - 1);
  const index = Math.min(Math.floor(along), spine.length - 2);
  const above = mix(spine[index]!, spine[index + 1]!, along - index);
  return at(above.x, above.y + depth * between(random, 0, 0.95));
}

function spots(random: Random, places: readonly Point[], sizes: readonly [number, number], fill: Colour): string {
  return places
    .map((place) => path(closedPath(blotch(random, place, between(random, sizes[0], sizes[1]))), { fill }))
    .join('');
}

function socks({ paws }: MarkedParts, height: number, fill: Colour): string {
  return paws.map((paw) => path(closedPath(ellipse(at(paw.x, -height * 0.2), 11, height)), { fill })).join('');
}

function bib({ breast, depth }: MarkedParts, size: number, fill: Colour): string {
  return path(closedPath(ellipse(breast, depth * 0.42 * size, depth * 0.62 * size, 15)), { fill });
}

function saddle({ spine, depth }: MarkedParts, fill: Colour, reach: number): string {
  return stroke(openPath(spine.map(({ x, y }) => at(x, y + depth * 0.06))), fill, depth * reach);
}

function underside({ spine, depth, frontal, breast }: MarkedParts, fill: Colour): string {
  const belly = spine.map(({ x, y }) => at(x * 0.9, y + depth * 1.05));
  return (
    stroke(openPath(belly), fill, depth * 0.52) +
    path(closedPath(ellipse(breast, depth * (frontal ? 0.5 : 0.36), depth * 0.8)), { fill })
  );
}

function brindle(random: Random, { left, top, right, bottom }: Box, fill: Colour): string {
  const stripes = several((right - left) / 2.6, (i) => {
    const x = left + i * 2.6 + between(random, -1.5, 1.5);
    const from = between(random, top, top + (bottom - top) * 0.7);
    const to = from + between(random, 8, 26);
    const sway = between(random, -5, 5);
    return stroke(
      openPath([at(x, from), at(x + sway, (from + to) / 2), at(x + sway * 0.4, to)]),
      fill,
      between(random, 1, 2.3),
      0.75,
    );
  });
  return stripes.join('');
}

/** The second colour on the trunk and legs, to be cut off at the silhouette. */
export function bodyMarkings(coat: Coat, figure: MarkedParts, box: Box, random: Random): string {
  const { base, second, marking } = coat;
  switch (marking) {
    case 'solid':
      return '';
    case 'saddle':
      return saddle(figure, second, between(random, 0.75, 1.05));
    case 'ticked': {
      const patches = several(between(random, 2, 4.4), () => onTrunk(random, figure));
      const ticks = several(120, () =>
        ellipse(within(random, box), between(random, 0.5, 1.6), between(random, 0.5, 1.2)),
      );
      return (
        spots(random, patches, [7, 15], second) +
        path(ticks.map(closedPath).join(''), { fill: second, 'fill-opacity': 0.75 })
      );
    }
    case 'merle': {
      const pale = several(16, () => within(random, box));
      const dark = several(46, () => within(random, box));
      return spots(random, pale, [3, 7], blend(base, '#e9ebee', 0.45)) + spots(random, dark, [1.6, 6.2], second);
    }
    case 'brindle':
      return brindle(random, box, second);
    case 'points':
      return socks(figure, between(random, 13, 19), second) + bib(figure, 0.55, second);
    case 'irish':
      return socks(figure, between(random, 10, 22), second) + bib(figure, between(random, 0.9, 1.35), second);
    case 'pale':
      return underside(figure, second) + socks(figure, between(random, 8, 20), second);
    case 'mask':
      return bib(figure, 0.35, blend(base, '#ffffff', 0.4));
  }
}

/** How many locks are drawn on a trunk. Wiry and curly coats show more of them than long ones, which lie flat. */
const strandCounts: Readonly<Record<Texture, number>> = { smooth: 0, long: 50, fluffy: 50, wiry: 110, curly: 130 };

/** Locks drawn on the trunk: curls, short straight wires or long hair that hangs. */
export function strands(random: Random, box: Box, given: { texture: Texture; colour: Colour }): string {
  const marks = several(strandCounts[given.texture], () => {
    const { x, y } = within(random, box);
    const size = between(random, 2, 4.5);
    if (given.texture === 'curly') return openPath([at(x - size, y), at(x, y + size * 0.9), at(x + size, y)]);
    if (given.texture === 'wiry') return openPath([at(x, y), at(x - size * 1.1, y + size * 0.9)]);
    return openPath([at(x, y), at(x - size * 0.5, y + size), at(x - size * 0.9, y + size * 2.1)]);
  });
  return marks.length === 0 ? '' : stroke(marks.join(''), given.colour, 1.1, 0.55);
}

/** The box of what the outlines enclose, hair excluded. */
export function boxOf(outlines: readonly Outline[]): Box {
  const points = outlines.flatMap((outline) => walked(outline, 6));
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
