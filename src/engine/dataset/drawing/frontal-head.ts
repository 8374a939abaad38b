import type { Breed, Coat } from './breed.ts';
import { happens } from './chance.ts';
import { coatPath } from './coat.ts';
import { frontalEars } from './ears.ts';
import { eye, nose, shutEye, tongue } from './eyes.ts';
import { creaseOf, type FaceColours, faceColours } from './face-colours.ts';
import { faceMarkings } from './face-markings.ts';
import type { Part } from './figure.ts';
import { at, closedPath, ellipse, mirrored, type Outline, openPath, placed } from './geometry.ts';
import { blend, type Colour, lighter, lightness, path, stroke } from './paint.ts';
import { type Drawing, silhouette } from './silhouette.ts';

const origin = at(0, 0);

/** Proportions of a face in skull radii. */
interface Face {
  readonly skull: Outline;
  readonly muzzle: readonly Outline[];
  readonly chin: number;
  readonly width: number;
  readonly nose: number;
}

function faceOf({ build, features }: Breed): Face {
  const { length, depth } = build.muzzle;
  const chin = 0.92 + 0.2 * length;
  const jowls = features.includes('jowls');
  const width = 0.26 + 0.32 * depth + (jowls ? 0.1 : 0);
  const cheek = 0.76 + (jowls ? 0.1 : 0) - 0.08 * length;
  const half = [
    at(0.5, -0.92),
    at(0.86, -0.56),
    at(0.94, -0.02),
    at(cheek, 0.42),
    at(width + 0.08, chin * 0.82),
    at(width * 0.5, chin + 0.04),
  ];
  const skull = [at(0, -0.98), ...half, ...mirrored(half).reverse()];
  const lobes = jowls
    ? [
        ellipse(at(width * 0.5, chin * 0.66), width * 0.72, 0.44),
        ellipse(at(-width * 0.5, chin * 0.66), width * 0.72, 0.44),
      ]
    : [ellipse(at(0, chin * 0.62), width, 0.3 + 0.1 * length)];
  return { skull, muzzle: lobes, chin, width, nose: chin * 0.42 };
}

function scaled(outline: Outline, scale: number): Outline {
  return placed(outline, origin, scale);
}

function earPair(canvas: Drawing, breed: Breed, colours: FaceColours, scale: number): string {
  const ear = frontalEars[breed.ears];
  const hairy = breed.ears === 'long' || breed.ears === 'drop' ? 0.8 : 0.25;
  return [ear.outer, mirrored(ear.outer)]
    .map((outer, side) => {
      const inner = ear.inner && (side === 0 ? ear.inner : mirrored(ear.inner));
      const pink = blend(colours.ears, '#e3a594', 0.6);
      return silhouette(canvas, {
        parts: [{ outline: scaled(outer, scale), hair: hairy }],
        texture: breed.texture,
        hair: breed.hair,
        fill: colours.ears,
        ink: colours.ink,
        line: scale * 0.03,
        ...(inner ? { inside: path(closedPath(scaled(inner, scale)), { fill: pink }) } : {}),
      });
    })
    .join('');
}

function extras(breed: Breed, face: Face, scale: number): { behind: Part[]; over: Part[] } {
  const part = (x: number, y: number, width: number, height: number): Part => ({
    outline: ellipse(at(x * scale, y * scale), width * scale, height * scale),
    hair: 1,
  });
  const has = (feature: Breed['features'][number]): boolean => breed.features.includes(feature);
  return {
    behind: has('ruff') ? [part(0, 0.42, 1.22, 1.02)] : [],
    over: has('topknot')
      ? [part(0, -0.88, 0.78, 0.46)]
      : has('beard')
        ? [part(0, face.chin * 0.9, face.width * 1.15, 0.34)]
        : [],
  };
}

function mouth(face: Face, line: Colour, scale: number, open: boolean): string {
  const y = face.nose + 0.2;
  const corner = face.width * 0.72;
  const lip = face.chin * 0.78;
  const half = (side: number): string =>
    openPath(
      [at(0, y), at(0, lip - 0.06), at(side * corner * 0.5, lip + 0.02), at(side * corner, lip - 0.1)].map((p) =>
        at(p.x * scale, p.y * scale),
      ),
    );
  const drawn = [-1, 1].map((side) => stroke(half(side), line, scale * 0.045)).join('');
  return (open ? tongue(at(0, (lip - 0.03) * scale), face.width * 0.32 * scale, 0.36 * scale) : '') + drawn;
}

/** A head seen from the front with the centre of the skull at the origin; `scale` is the skull's radius. */
export function frontalHead(canvas: Drawing, breed: Breed, coat: Coat, scale: number): string {
  const colours = faceColours(coat);
  const face = faceOf(breed);
  const { behind, over } = extras(breed, face, scale);
  const ears = earPair(canvas, breed, colours, scale);
  const base = { texture: breed.texture, hair: breed.hair * 0.7, ink: colours.ink, line: scale * 0.035 };
  const muzzle = face.muzzle.map((lobe) =>
    path(coatPath(scaled(lobe, scale), 'smooth', 0, canvas.random), { fill: colours.muzzle }),
  );
  const skull = silhouette(canvas, {
    ...base,
    parts: [{ outline: scaled(face.skull, scale), hair: 0.45 }],
    fill: colours.skull,
    inside: faceMarkings(canvas, { breed, coat, colours, scale, width: face.width, chin: face.chin }) + muzzle.join(''),
  });
  const ruff = silhouette(canvas, {
    ...base,
    hair: breed.hair,
    parts: behind,
    fill: coat.marking === 'irish' || coat.marking === 'pale' ? coat.second : coat.base,
  });
  const fluff =
    over.length > 0
      ? silhouette(canvas, {
          ...base,
          hair: breed.hair,
          parts: over,
          fill: breed.features.includes('beard') ? lighter(colours.muzzle, 0.1) : colours.skull,
        })
      : '';
  const shut = happens(canvas.random, 0.08);
  const eyes = [-1, 1].map((side) => {
    const centre = at(side * 0.41 * scale, -0.08 * scale);
    return shut ? shutEye(centre, 0.13 * scale) : eye(centre, 0.135 * scale, breed.eyes);
  });
  const browColour = colours.brows ?? creaseOf(colours.skull);
  const brows = [-1, 1].map((side) =>
    stroke(
      openPath([
        at(side * 0.26 * scale, -0.36 * scale),
        at(side * 0.44 * scale, -0.42 * scale),
        at(side * 0.56 * scale, -0.32 * scale),
      ]),
      browColour,
      scale * (colours.brows ? 0.13 : 0.05),
      colours.brows ? 1 : 0.6,
    ),
  );
  const snout = nose(
    at(0, face.nose * scale),
    at((0.15 + face.width * 0.16) * scale, 0.15 * scale),
    lightness(colours.muzzle) < 0.3 ? '#151013' : '#33262a',
  );
  const beardFirst = breed.features.includes('beard');
  const open = happens(canvas.random, 0.45);
  const hanging = frontalEars[breed.ears].inFront;
  return [
    behind.length > 0 ? ruff : '',
    hanging ? '' : ears,
    skull,
    beardFirst ? fluff : '',
    mouth(face, lightness(colours.muzzle) < 0.3 ? lighter(colours.muzzle, 0.3) : '#2a1d1f', scale, open),
    brows.join(''),
    eyes.join(''),
    snout,
    hanging ? ears : '',
    beardFirst ? '' : fluff,
  ].join('');
}
