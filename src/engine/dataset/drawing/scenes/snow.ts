import { between, happens, pick, several } from '../chance.ts';
import { at, closedPath, ellipse } from '../geometry.ts';
import { type Colour, darker, disc, lighter, path } from '../paint.ts';
import { band, fir, hills } from './ingredients.ts';
import { type ScenePainter, side } from './scene.ts';

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
