import type { Breed, Coat } from './breed.ts';
import { between, happens, several } from './chance.ts';
import type { FaceColours } from './face-colours.ts';
import { at, closedPath, ellipse, openPath, placed } from './geometry.ts';
import { path, stroke } from './paint.ts';
import type { Drawing } from './silhouette.ts';

interface Given {
  readonly breed: Breed;
  readonly coat: Coat;
  readonly colours: FaceColours;
  readonly scale: number;
  /** Half-width of the muzzle and height of the chin, in skull radii. */
  readonly width: number;
  readonly chin: number;
}

/** Colours on a face seen from the front: cheeks, blaze, mask, blotches. Cut off at the skull's outline by the caller. */
export function faceMarkings(canvas: Drawing, given: Given): string {
  const { breed, coat, colours, scale, width, chin } = given;
  const { random } = canvas;
  const blob = (x: number, y: number, size: readonly [number, number], fill: string): string =>
    path(closedPath(ellipse(at(x * scale, y * scale), size[0] * scale, size[1] * scale, between(random, -15, 15))), {
      fill,
    });
  const marks: string[] = [];
  if (coat.marking === 'pale') {
    for (const side of [-1, 1]) marks.push(blob(side * 0.56, 0.42, [0.46, 0.44], colours.muzzle));
  }
  if (coat.marking === 'points') {
    for (const side of [-1, 1]) marks.push(blob(side * 0.5, 0.6, [0.3, 0.3], colours.muzzle));
  }
  if (coat.marking === 'mask') marks.push(blob(0, 0.42, [width + 0.26, 0.62], colours.muzzle));
  if (coat.marking === 'merle') {
    marks.push(
      ...several(9, () =>
        blob(
          between(random, -0.9, 0.9),
          between(random, -0.9, 0.5),
          [between(random, 0.06, 0.2), between(random, 0.05, 0.14)],
          coat.second,
        ),
      ),
    );
  }
  if (coat.marking === 'brindle') {
    const stripes = several(7, (i) => {
      const x = (i - 3) * 0.19 + between(random, -0.03, 0.03);
      return openPath([at(x * scale, -1 * scale), at(x * 0.82 * scale, between(random, -0.72, -0.5) * scale)]);
    });
    marks.push(stroke(stripes.join(''), coat.second, scale * 0.06, 0.7));
  }
  if (breed.features.includes('blaze') && coat.marking !== 'merle') {
    const breadth = between(random, 0.09, 0.2);
    const blaze = [
      at(0, -1.1),
      at(breadth * 0.6, -0.75),
      at(breadth, -0.2),
      at(width * 0.9, chin * 0.5),
      at(-width * 0.9, chin * 0.5),
      at(-breadth, -0.2),
      at(-breadth * 0.6, -0.75),
    ];
    marks.push(path(closedPath(placed(blaze, at(0, 0), scale)), { fill: colours.blaze }));
  }
  if (coat.marking === 'ticked' && happens(random, 0.5)) {
    marks.push(blob(between(random, -0.15, 0.15), -0.72, [0.14, 0.11], colours.skull));
  }
  return marks.join('');
}
