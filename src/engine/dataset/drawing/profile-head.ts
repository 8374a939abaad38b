import type { Breed, Coat } from './breed.ts';
import { happens } from './chance.ts';
import { profileEars } from './ears.ts';
import { eye, nose, shutEye, tongue } from './eyes.ts';
import { type FaceColours, faceColours } from './face-colours.ts';
import type { Part } from './figure.ts';
import { at, closedPath, ellipse, type Outline, openPath, type Point, placed } from './geometry.ts';
import { blend, darker, path, stroke } from './paint.ts';
import { type Drawing, silhouette } from './silhouette.ts';

const origin = at(0, 0);

function skullOutline({ build, features }: Breed): Outline {
  const { length, depth } = build.muzzle;
  const lip = depth * 0.66 + (features.includes('jowls') ? 0.16 : 0);
  const tip = 0.72 + length;
  return [
    at(-0.9, 0.02),
    at(-0.72, -0.62),
    at(-0.15, -0.94),
    at(0.44, -0.76),
    at(0.74, -0.36),
    at(0.72 + length * 0.5, -0.26),
    at(tip, -0.2),
    at(tip + 0.1, 0.02),
    at(tip - length * 0.06, lip * 0.86),
    at(0.6 + length * 0.38, lip + 0.06),
    at(0.36, 0.66),
    at(-0.28, 0.86),
    at(-0.8, 0.56),
  ];
}

function muzzleMark({ build, features }: Breed): Outline {
  const { length, depth } = build.muzzle;
  const lip = depth * 0.66 + (features.includes('jowls') ? 0.16 : 0);
  return [
    at(0.62, -0.02),
    at(0.76, -0.3),
    at(0.9 + length, -0.36),
    at(1.0 + length, 0.3),
    at(0.75 + length * 0.7, lip + 0.3),
    at(0.42, 0.86),
    at(0.34, 0.42),
  ];
}

function nearEar(canvas: Drawing, breed: Breed, colours: FaceColours, scale: number): string {
  const { outer, inner } = profileEars[breed.ears];
  const pink = blend(colours.ears, '#e3a594', 0.55);
  return silhouette(canvas, {
    parts: [
      { outline: placed(outer, origin, scale), hair: breed.ears === 'long' || breed.ears === 'drop' ? 0.8 : 0.25 },
    ],
    texture: breed.texture,
    hair: breed.hair,
    fill: colours.ears,
    ink: colours.ink,
    line: scale * 0.03,
    ...(inner ? { inside: path(closedPath(placed(inner, origin, scale)), { fill: pink }) } : {}),
  });
}

function farEar(canvas: Drawing, breed: Breed, colours: FaceColours, scale: number): string {
  if (!['prick', 'bat', 'semi', 'button'].includes(breed.ears)) return '';
  return silhouette(canvas, {
    parts: [
      { outline: placed(profileEars[breed.ears].outer, at(0.34 * scale, 0.06 * scale), scale * 0.96), hair: 0.25 },
    ],
    texture: breed.texture,
    hair: breed.hair,
    fill: darker(colours.ears, 0.3),
    ink: colours.ink,
    line: scale * 0.03,
  });
}

function profileMarkings(breed: Breed, coat: Coat, colours: FaceColours, scale: number): string {
  const { length } = breed.build.muzzle;
  const mark = (outline: Outline, fill: string): string => path(closedPath(placed(outline, origin, scale)), { fill });
  const marks: string[] = [];
  if (coat.marking === 'pale') marks.push(mark(ellipse(at(0.1, 0.55), 0.55, 0.42), colours.muzzle));
  if (coat.marking === 'points') marks.push(mark(ellipse(at(0.3, 0.5), 0.3, 0.24), colours.muzzle));
  if (coat.marking === 'mask') marks.push(mark(ellipse(at(0.8, 0.2), 0.62, 0.62), colours.muzzle));
  marks.push(mark(muzzleMark(breed), colours.muzzle));
  if (breed.features.includes('blaze')) {
    marks.push(
      mark(
        [
          at(0.2, -1.1),
          at(0.52, -0.78),
          at(0.86, -0.3),
          at(0.9 + length, -0.2),
          at(0.95 + length, -0.5),
          at(0.8, -0.75),
          at(0.4, -1.2),
        ],
        colours.blaze,
      ),
    );
  }
  if (coat.marking === 'merle') {
    marks.push(
      mark(ellipse(at(-0.1, -0.45), 0.3, 0.2, 30), coat.second),
      mark(ellipse(at(0.35, 0.25), 0.14, 0.1), coat.second),
    );
  }
  return marks.join('');
}

function extras(breed: Breed, scale: number): { behind: Part[]; over: Part[] } {
  const { length, depth } = breed.build.muzzle;
  const part = (centre: Point, width: number, height: number): Part => ({
    outline: ellipse(at(centre.x * scale, centre.y * scale), width * scale, height * scale),
    hair: 1,
  });
  const has = (feature: Breed['features'][number]): boolean => breed.features.includes(feature);
  return {
    behind: has('ruff') ? [part(at(-0.42, 0.62), 0.86, 0.92)] : [],
    over: has('topknot')
      ? [part(at(-0.12, -0.86), 0.66, 0.46)]
      : has('beard')
        ? [part(at(0.62 + length * 0.62, depth * 0.66 + 0.12), 0.42, 0.3)]
        : [],
  };
}

/** A head seen from the side, looking right, with the centre of the skull at the origin; `scale` is the skull's radius. */
export function profileHead(canvas: Drawing, breed: Breed, coat: Coat, scale: number): string {
  const colours = faceColours(coat);
  const { length, depth } = breed.build.muzzle;
  const { behind, over } = extras(breed, scale);
  const base = { texture: breed.texture, ink: colours.ink, line: scale * 0.035 };
  const tip = 0.72 + length;
  const lip = depth * 0.66;
  const ruffColour = coat.marking === 'irish' || coat.marking === 'pale' ? coat.second : coat.base;
  const ruff =
    behind.length > 0 ? silhouette(canvas, { ...base, hair: breed.hair, parts: behind, fill: ruffColour }) : '';
  const skull = silhouette(canvas, {
    ...base,
    hair: breed.hair * 0.7,
    parts: [{ outline: placed(skullOutline(breed), origin, scale), hair: 0.4 }],
    fill: colours.skull,
    inside: profileMarkings(breed, coat, colours, scale),
  });
  const beard = breed.features.includes('beard');
  const fluffFill = beard ? colours.muzzle : colours.skull;
  const fluff = over.length > 0 ? silhouette(canvas, { ...base, hair: breed.hair, parts: over, fill: fluffFill }) : '';
  const smile = [at(tip - 0.02, lip * 0.52), at(0.66 + length * 0.5, lip * 0.66 + 0.06), at(0.52, lip * 0.5 + 0.02)];
  const open = happens(canvas.random, 0.4);
  const shut = happens(canvas.random, 0.08);
  const eyeAt = at(0.38 * scale, -0.24 * scale);
  const brow = colours.brows
    ? path(closedPath(placed(ellipse(at(0.46, -0.52), 0.15, 0.09, -25), origin, scale)), { fill: colours.brows })
    : '';
  return [
    farEar(canvas, breed, colours, scale),
    ruff,
    open ? tongue(at((0.62 + length * 0.55) * scale, lip * 0.68 * scale), 0.13 * scale, 0.42 * scale) : '',
    skull,
    beard ? fluff : '',
    stroke(openPath(placed(smile, origin, scale)), '#2a1d1f', scale * 0.045),
    brow,
    shut ? shutEye(eyeAt, 0.13 * scale) : eye(eyeAt, 0.13 * scale, breed.eyes),
    nose(at((tip + 0.02) * scale, -0.1 * scale), at(0.16 * scale, 0.14 * scale), '#30242a'),
    nearEar(canvas, breed, colours, scale),
    beard ? '' : fluff,
  ].join('');
}
