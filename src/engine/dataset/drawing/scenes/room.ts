import { between, happens, pick, several } from '../chance.ts';
import { at, closedPath, ellipse, type Point } from '../geometry.ts';
import { type Colour, darker, disc, element, lighter, oval, path, rectangle, straightLine, stroke } from '../paint.ts';
import type { Drawing } from '../silhouette.ts';
import { ball, band } from './ingredients.ts';
import { type ScenePainter, side } from './scene.ts';

const walls: readonly Colour[] = ['#e8d9c3', '#cfdcd6', '#d9cfe0', '#e9cfc4', '#c9d6e3', '#dfe0c8'];

function wallpaper({ random }: Drawing, wall: Colour, foot: number): string {
  const ink = darker(wall, 0.09);
  const kind = random.integer(3);
  if (kind === 0) {
    return several(13, (i) => rectangle(at(i * 21, 0), at(9, foot), { fill: ink, 'fill-opacity': 0.6 })).join('');
  }
  if (kind === 1) {
    return several(70, (i) =>
      disc(at((i % 10) * 27 + (Math.floor(i / 10) % 2) * 13, Math.floor(i / 10) * 24 + 8), 2.6, { fill: ink }),
    ).join('');
  }
  return '';
}

/** A framed landscape, or a window onto one. */
function framed({ random }: Drawing, corner: Point, size: Point): string {
  const { x, y } = corner;
  const sky = pick<Colour>(random, ['#a9d3e8', '#f3d9b5', '#c5cfe6']);
  const hill = pick<Colour>(random, ['#8fb98a', '#c7a76c', '#7f9fb8']);
  const middle = y + size.y * between(random, 0.5, 0.7);
  return [
    rectangle(at(x - 4, y - 4), at(size.x + 8, size.y + 8), {
      fill: pick<Colour>(random, ['#8a6246', '#f4efe6', '#5f5a58']),
    }),
    rectangle(corner, size, { fill: sky }),
    path(
      `M${x} ${middle}Q${x + size.x * 0.4} ${y + size.y * 0.35} ${x + size.x} ${middle}L${x + size.x} ${y + size.y}L${x} ${y + size.y}Z`,
      { fill: hill },
    ),
  ].join('');
}

function furniture(canvas: Drawing, foot: number): string {
  const { random } = canvas;
  const x = happens(random, 0.5) ? between(random, -30, 20) : between(random, 180, 230);
  const cloth = pick<Colour>(random, ['#b86f5c', '#6f8fa8', '#8a9b6c', '#a583a8', '#c7a35e']);
  if (happens(random, 0.5)) {
    return [
      element('rect', { x, y: foot - 62, width: 84, height: 60, rx: 12, fill: darker(cloth, 0.12) }),
      element('rect', { x: x - 8, y: foot - 32, width: 100, height: 38, rx: 10, fill: cloth }),
    ].join('');
  }
  const pot = at(x + 30, foot + 4);
  const leaves = several(7, (i) =>
    closedPath(ellipse(at(pot.x + (i - 3) * 7, pot.y - 46 - (3 - Math.abs(i - 3)) * 9), 5, 17, (i - 3) * 17)),
  );
  return (
    path(leaves.join(''), { fill: '#6f9a68' }) +
    path(`M${pot.x - 14} ${pot.y - 26}L${pot.x + 14} ${pot.y - 26}L${pot.x + 10} ${pot.y}L${pot.x - 10} ${pot.y}Z`, {
      fill: '#c1734f',
    })
  );
}

export const room: ScenePainter = (canvas, horizon) => {
  const { random } = canvas;
  const wall = pick(random, walls);
  const floor = pick<Colour>(random, ['#c79f74', '#b08560', '#d8bd97', '#a9a29a']);
  const boards = several(5, (i) => straightLine(at(0, horizon + 12 + i * 24), at(side, horizon + 12 + i * 24)));
  const rug = pick<Colour>(random, ['#c96f5f', '#6f8fb0', '#d7b65f', '#8fae8b', '#e6ded0']);
  const hung = several(random.integer(3), () =>
    framed(
      canvas,
      at(between(random, 10, 190), between(random, 14, 50)),
      at(between(random, 34, 60), between(random, 30, 56)),
    ),
  );
  return {
    behind: [
      band(canvas, [0, horizon], [lighter(wall, 0.2), wall]),
      wallpaper(canvas, wall, horizon),
      hung.join(''),
      rectangle(at(0, horizon - 7), at(side, 7), { fill: lighter(wall, 0.6) }),
      band(canvas, [horizon, side], [floor, darker(floor, 0.14)]),
      stroke(boards.join(''), darker(floor, 0.25), 1, 0.6),
      furniture(canvas, horizon),
      happens(random, 0.6)
        ? oval(at(128, 222), at(118, 25), { fill: rug, stroke: lighter(rug, 0.45), 'stroke-width': 4 })
        : '',
    ].join(''),
    obstacle: (chance) => (happens(chance, 0.6) ? ball(chance) : bowl()),
  };
};

function bowl(): string {
  return (
    path('M-18 0L-14 -12L14 -12L18 0Z', { fill: '#5f8fc0', stroke: '#3f668f', 'stroke-width': 1 }) +
    oval(at(0, -12), at(14, 4), { fill: '#8a5f45' })
  );
}
