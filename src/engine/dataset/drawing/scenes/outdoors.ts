import type { Random } from '../../../../random/index.ts';
import { between, happens, pick, several } from '../chance.ts';
import { at, closedPath, ellipse, openPath, type Point, polygonPath } from '../geometry.ts';
import { type Colour, darker, disc, gradient, lighter, oval, path, rectangle, stroke } from '../paint.ts';
import type { Drawing } from '../silhouette.ts';
import { type ScenePainter, side } from './scene.ts';

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

const skies: readonly (readonly [Colour, Colour])[] = [
  ['#8ec5ea', '#e3f1f6'],
  ['#a9d3e8', '#fdf3dc'],
  ['#7fa8d6', '#f7d9c3'],
  ['#b7c4d2', '#e8e9e6'],
  ['#f0b58f', '#fbe6c6'],
];

function cloud(random: Random, centre: Point): string {
  const puffs = several(4, (i) =>
    oval(
      at(centre.x + (i - 1.5) * 11, centre.y + between(random, -3, 3)),
      at(between(random, 9, 15), between(random, 5, 8)),
      { fill: '#ffffff' },
    ),
  );
  return puffs.join('');
}

function clouds(random: Random, horizon: number): string {
  return several(random.integer(4), () =>
    cloud(random, at(between(random, 10, 246), between(random, 14, horizon * 0.6))),
  ).join('');
}

/** A hilly skyline whose foot lies below the horizon. */
function hills(random: Random, horizon: number, height: number, colour: Colour): string {
  const crest = several(7, (i) => at(-30 + i * 52, horizon - between(random, 0.15, 1) * height));
  return path(`${openPath(crest)}L${side + 40} ${horizon + 12}L-40 ${horizon + 12}Z`, { fill: colour });
}

function tree(random: Random, foot: Point, height: number, leaf: Colour): string {
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

function fir(foot: Point, height: number, colour: Colour): string {
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

function tuft(random: Random, colour: Colour): string {
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

const petals: readonly Colour[] = ['#f6f1e7', '#f2c94f', '#e58aa6', '#a48bd0', '#e86f5c'];

function flower(random: Random, foot: Point, size: number): string {
  const colour = pick(random, petals);
  const ring = several(5, (i) =>
    disc(at(foot.x + Math.cos(i * 1.257) * size * 0.8, foot.y + Math.sin(i * 1.257) * size * 0.8), size * 0.62, {
      fill: colour,
    }),
  );
  return ring.join('') + disc(foot, size * 0.55, { fill: '#f0b93c' });
}

export const meadow: ScenePainter = (canvas, horizon) => {
  const { random } = canvas;
  const sky = pick(random, skies);
  const grass = pick<Colour>(random, ['#8fb95f', '#a3bd68', '#7aa75f', '#b9b76a']);
  const far = lighter(grass, 0.32);
  const trees = several(random.integer(4), () =>
    tree(random, at(between(random, 0, side), horizon + 4), between(random, 30, 62), darker(grass, 0.22)),
  );
  const blades = several(60, () => {
    const foot = at(between(random, 0, side), between(random, horizon + 8, side));
    return openPath([foot, at(foot.x + between(random, -2, 2), foot.y - between(random, 3, 8))]);
  });
  const flowers = several(between(random, 0, 14), () =>
    flower(random, at(between(random, 0, side), between(random, horizon + 12, side)), between(random, 1.4, 2.8)),
  );
  return {
    behind: [
      band(canvas, [0, horizon + 10], sky),
      clouds(random, horizon),
      hills(random, horizon, 38, lighter(grass, 0.5)),
      hills(random, horizon, 20, far),
      trees.join(''),
      band(canvas, [horizon, side], [far, darker(grass, 0.08)]),
      stroke(blades.join(''), darker(grass, 0.18), 1.2, 0.7),
      flowers.join(''),
    ].join(''),
    obstacle: (chance) =>
      tuft(chance, darker(grass, 0.3)) +
      (happens(chance, 0.5) ? flower(chance, at(between(chance, -6, 6), -24), 3.4) : ''),
  };
};

export const sea: ScenePainter = (canvas, horizon) => {
  const { random } = canvas;
  const sky = pick(random, skies);
  const water = pick<Colour>(random, ['#5f9fbf', '#6db0b6', '#5585ad', '#7ba6c4']);
  const sand = pick<Colour>(random, ['#ecd9ae', '#e3cba0', '#d9c7ac']);
  const shore = horizon + between(random, 16, 34);
  const waves = several(12, () => {
    const from = at(between(random, -10, side), between(random, horizon + 4, shore - 2));
    return openPath([from, at(from.x + 8, from.y - 1.5), at(from.x + between(random, 15, 34), from.y)]);
  });
  const pebbles = several(22, () =>
    oval(at(between(random, 0, side), between(random, shore + 8, side)), at(between(random, 0.8, 2.6), 1.1), {
      fill: darker(sand, between(random, 0.12, 0.35)),
    }),
  );
  const foam = several(7, (i) => at(-30 + i * 52, shore + between(random, -4, 4)));
  const sail = happens(random, 0.5) ? boat(at(between(random, 20, 236), horizon + 3), pick(random, petals)) : '';
  return {
    behind: [
      band(canvas, [0, horizon + 1], sky),
      happens(random, 0.4)
        ? disc(at(between(random, 20, 236), between(random, 22, horizon * 0.6)), 13, { fill: '#fff2c4' })
        : '',
      clouds(random, horizon),
      band(canvas, [horizon, shore + 8], [darker(water, 0.08), lighter(water, 0.35)]),
      sail,
      stroke(waves.join(''), '#ffffff', 1.2, 0.55),
      path(`${openPath(foam)}L${side + 40} ${side}L-40 ${side}Z`, {
        fill: sand,
        stroke: '#ffffff',
        'stroke-width': 3.5,
      }),
      pebbles.join(''),
    ].join(''),
    obstacle: (chance) => (happens(chance, 0.5) ? tuft(chance, '#a3a35c') : ball(chance)),
  };
};

function boat({ x, y }: Point, sail: Colour): string {
  return (
    path(`M${x - 9} ${y}L${x + 9} ${y}L${x + 6} ${y + 4}L${x - 6} ${y + 4}Z`, { fill: '#7b5a43' }) +
    path(`M${x} ${y - 1}L${x} ${y - 20}L${x + 9} ${y - 3}Z`, { fill: sail })
  );
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

export const snow: ScenePainter = (canvas, horizon) => {
  const { random } = canvas;
  const sky = pick<readonly [Colour, Colour]>(random, [
    ['#a9bfd6', '#e9eef3'],
    ['#c3c9d4', '#f1efed'],
    ['#8fa9cf', '#f3dfd8'],
  ]);
  const shade = pick<Colour>(random, ['#dfe7f0', '#e6e4ee', '#d6e2ec']);
  const firs = several(between(random, 2, 8), () =>
    fir(
      at(between(random, 0, side), horizon + between(random, 0, 10)),
      between(random, 28, 66),
      pick<Colour>(random, ['#6d8c86', '#7f9c98', '#5c7c7e']),
    ),
  );
  const drifts = several(4, () =>
    closedPath(
      ellipse(
        at(between(random, 0, side), between(random, horizon + 18, side)),
        between(random, 26, 60),
        between(random, 2, 5),
      ),
    ),
  );
  const flakes = several(between(random, 10, 60), () =>
    disc(at(between(random, 0, side), between(random, 0, side)), between(random, 0.7, 2), { fill: '#ffffff' }),
  );
  return {
    behind: [
      band(canvas, [0, horizon + 10], sky),
      hills(random, horizon, 44, darker(shade, 0.1)),
      firs.join(''),
      band(canvas, [horizon, side], [lighter(shade, 0.2), '#fbfcfd']),
      path(drifts.join(''), { fill: shade }),
      flakes.join(''),
    ].join(''),
    obstacle: (chance) => (happens(chance, 0.5) ? fir(at(0, 2), between(chance, 30, 44), '#5c7c7e') : closedMound()),
  };
};

function closedMound(): string {
  return path('M-20 2C-14 -14 -4 -17 2 -14C10 -12 16 -8 20 2Z', {
    fill: '#f4f7fa',
    stroke: '#cfd9e4',
    'stroke-width': 1,
  });
}
