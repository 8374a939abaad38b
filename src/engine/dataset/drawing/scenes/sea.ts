import { between, happens, pick, several } from '../chance.ts';
import { at, openPath, type Point } from '../geometry.ts';
import { type Colour, darker, disc, lighter, oval, path, stroke } from '../paint.ts';
import { ball, band, clouds, petals, skies, tuft } from './ingredients.ts';
import { type ScenePainter, side } from './scene.ts';

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
      path(`${openPath(foam)}L${side + 40} ${side + 9}L-40 ${side + 9}Z`, {
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
