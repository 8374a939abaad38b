import { between, happens, pick, several } from '../chance.ts';
import { at, openPath } from '../geometry.ts';
import { type Colour, darker, lighter, stroke } from '../paint.ts';
import { band, clouds, flower, hills, skies, tree, tuft } from './ingredients.ts';
import { type ScenePainter, side } from './scene.ts';

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
