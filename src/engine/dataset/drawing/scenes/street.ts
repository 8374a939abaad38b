import { between, happens, pick, several } from '../chance.ts';
import { at, type Point } from '../geometry.ts';
import { type Colour, darker, disc, element, lighter, path, rectangle, straightLine, stroke } from '../paint.ts';
import type { Drawing } from '../silhouette.ts';
import { band } from './ingredients.ts';
import { type ScenePainter, side } from './scene.ts';

function house(canvas: Drawing, corner: Point, size: Point): string {
  const { random } = canvas;
  const colour = pick<Colour>(random, ['#d8a58c', '#e5cfa3', '#b9c4c9', '#c98f7f', '#cfd3b8', '#a7b4c6']);
  const pane = pick<Colour>(random, ['#f6e3a6', '#7d95a8', '#9fb8c7']);
  const columns = Math.max(1, Math.floor(size.x / 22));
  const rows = Math.max(1, Math.floor(size.y / 34));
  const windows = several(columns * rows, (i) =>
    rectangle(at(corner.x + 8 + (i % columns) * 22, corner.y + 12 + Math.floor(i / columns) * 32), at(10, 15), {
      fill: pane,
      stroke: lighter(colour, 0.5),
      'stroke-width': 1.6,
    }),
  );
  const roof = path(
    `M${corner.x - 3} ${corner.y}L${corner.x + size.x / 2} ${corner.y - between(random, 8, 26)}L${corner.x + size.x + 3} ${corner.y}Z`,
    { fill: darker(colour, 0.42) },
  );
  return rectangle(corner, size, { fill: colour }) + roof + windows.join('');
}

export const street: ScenePainter = (canvas, horizon) => {
  const { random } = canvas;
  const sky = pick<readonly [Colour, Colour]>(random, [
    ['#a5c8e4', '#eaf0ee'],
    ['#c2c8d0', '#ebe7e0'],
    ['#e7b79a', '#f8e5cd'],
  ]);
  const paving = pick<Colour>(random, ['#b9b4ad', '#a7abb0', '#c8bda9']);
  const houses: string[] = [];
  for (let x = -between(random, 5, 30); x < side; ) {
    const width = between(random, 44, 76);
    const height = between(random, 60, 110);
    houses.push(house(canvas, at(x, horizon - height), at(width - 2, height)));
    x += width;
  }
  const joints = several(18, () => {
    const x = between(random, 0, side);
    const y = horizon + 14 + random.integer(5) * 20;
    return straightLine(at(x, y), at(x + (x - 128) * 0.08, y + 20));
  });
  const courses = several(6, (i) => straightLine(at(0, horizon + 14 + i * 20), at(side, horizon + 14 + i * 20)));
  return {
    behind: [
      band(canvas, [0, horizon], sky),
      houses.join(''),
      band(canvas, [horizon, side], [lighter(paving, 0.2), darker(paving, 0.08)]),
      rectangle(at(0, horizon), at(side, 5), { fill: darker(paving, 0.2) }),
      stroke([...joints, ...courses].join(''), darker(paving, 0.22), 1, 0.55),
    ].join(''),
    obstacle: (chance) => (happens(chance, 0.5) ? hydrant() : post()),
  };
};

function hydrant(): string {
  return element(
    'g',
    { fill: '#c9483c', stroke: '#7c2a26', 'stroke-width': 1 },
    path('M-7 0L-7 -22C-7 -31 7 -31 7 -22L7 0Z', {}),
    path('M-11 -19L11 -19L11 -13L-11 -13Z', {}),
    path('M-9 0L9 0L9 -4L-9 -4Z', {}),
  );
}

function post(): string {
  return (
    rectangle(at(-4, -46), at(8, 46), { fill: '#4d5358' }) +
    disc(at(0, -48), 5.5, { fill: '#4d5358' }) +
    rectangle(at(-4, -34), at(8, 3), { fill: '#e8e4da' })
  );
}
