import type { Random } from '../../../../random/index.ts';
import { between, pick, several } from '../chance.ts';
import { at, openPath, type Point, polygonPath } from '../geometry.ts';
import { type Colour, darker, disc, gradient, oval, path, rectangle, stroke } from '../paint.ts';
import type { Drawing } from '../silhouette.ts';
import { side } from './scene.ts';

/** A rectangle over the whole width filled with a gradient from top to bottom. */
export function band(
  canvas: Drawing,
  [top, bottom]: readonly [number, number],
  colours: readonly [Colour, Colour],
): string {
  const id = canvas.name();
  canvas.definitions.push(
    gradient(
      id,
      colours.map((colour, offset) => ({ offset, colour })),
    ),
  );
  return rectangle(at(0, top), at(side, bottom - top), { fill: `url(#${id})` });
}

export const skies: readonly (readonly [Colour, Colour])[] = [
  ['#8ec5ea', '#e3f1f6'],
  ['#a9d3e8', '#fdf3dc'],
  ['#7fa8d6', '#f7d9c3'],
  ['#b7c4d2', '#e8e9e6'],
  ['#f0b58f', '#fbe6c6'],
];

export function cloud(random: Random, centre: Point): string {
  const puffs = several(4, (i) =>
    oval(
      at(centre.x + (i - 1.5) * 11, centre.y + between(random, -3, 3)),
      at(between(random, 9, 15), between(random, 5, 8)),
      { fill: '#ffffff' },
    ),
  );
  return puffs.join('');
}

export function clouds(random: Random, horizon: number): string {
  return several(random.integer(4), () =>
    cloud(random, at(between(random, 10, 246), between(random, 14, horizon * 0.6))),
  ).join('');
}

/** A hilly skyline whose foot lies below the horizon. */
export function hills(random: Random, horizon: number, height: number, colour: Colour): string {
  const crest = several(7, (i) => at(-30 + i * 52, horizon - between(random, 0.15, 1) * height));
  return path(`${openPath(crest)}L${side + 40} ${horizon + 12}L-40 ${horizon + 12}Z`, { fill: colour });
}

export function tree(random: Random, foot: Point, height: number, leaf: Colour): string {
  const crown = several(5, () =>
    disc(
      at(foot.x + between(random, -0.26, 0.26) * height, foot.y - height * between(random, 0.5, 0.85)),
      height * between(random, 0.17, 0.27),
      {
        fill: darker(leaf, between(random, 0, 0.18)),
      },
    ),
  );
  return (
    rectangle(at(foot.x - height * 0.04, foot.y - height * 0.5), at(height * 0.08, height * 0.5), { fill: '#7b5a43' }) +
    crown.join('')
  );
}

export function fir(foot: Point, height: number, colour: Colour): string {
  const tiers = [0, 1, 2].map((tier) => {
    const top = foot.y - height + tier * height * 0.24;
    const half = height * (0.14 + tier * 0.08);
    return path(
      polygonPath([at(foot.x, top), at(foot.x + half, top + height * 0.38), at(foot.x - half, top + height * 0.38)]),
      { fill: colour },
    );
  });
  return tiers.join('');
}

export function tuft(random: Random, colour: Colour): string {
  const blades = several(9, () => {
    const x = between(random, -11, 11);
    return openPath([
      at(x, 0),
      at(x + between(random, -2, 2), -between(random, 6, 14)),
      at(x + between(random, -7, 7), -between(random, 14, 27)),
    ]);
  });
  return stroke(blades.join(''), colour, 2.1);
}

export const petals: readonly Colour[] = ['#f6f1e7', '#f2c94f', '#e58aa6', '#a48bd0', '#e86f5c'];

export function flower(random: Random, foot: Point, size: number): string {
  const colour = pick(random, petals);
  const ring = several(5, (i) =>
    disc(at(foot.x + Math.cos(i * 1.257) * size * 0.8, foot.y + Math.sin(i * 1.257) * size * 0.8), size * 0.62, {
      fill: colour,
    }),
  );
  return ring.join('') + disc(foot, size * 0.55, { fill: '#f0b93c' });
}

/** A toy ball on the ground. */
export function ball(random: Random): string {
  const colour = pick<Colour>(random, ['#e0604f', '#4f8fd0', '#efc044', '#6bb56b']);
  return (
    disc(at(0, -10), 10, { fill: colour, stroke: darker(colour, 0.4), 'stroke-width': 1 }) +
    stroke(openPath([at(-9, -13), at(0, -8), at(9, -13)]), '#fff8ea', 2.4) +
    disc(at(-3.5, -14), 2, { fill: '#ffffff', 'fill-opacity': 0.6 })
  );
}
