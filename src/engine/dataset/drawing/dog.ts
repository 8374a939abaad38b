import type { Breed, Coat, Ears } from './breed.ts';
import { between, happens, pick } from './chance.ts';
import { creaseOf, inkOf } from './face-colours.ts';
import type { Figure } from './figure.ts';
import { frontalHead } from './frontal-head.ts';
import { at, type Box, boundingBox, openPath, short } from './geometry.ts';
import { bodyMarkings, boxOf, type MarkedParts, strands } from './markings.ts';
import { blend, type Colour, darker, disc, element, gradient, lightness, oval, rectangle, stroke } from './paint.ts';
import { type BodyPose, figureOf } from './poses/pose.ts';
import { profileHead } from './profile-head.ts';
import { type Drawing, silhouette } from './silhouette.ts';

export type Pose = BodyPose | 'face';

/** A drawn dog: SVG in its own units, with the ground at y = 0, and the box it fills. */
export interface Dog {
  readonly svg: string;
  readonly box: Box;
}

const outline = 1.1;

/** Light from above and shade below, over whatever is filled with it. */
function volume(canvas: Drawing): string {
  const id = canvas.name();
  canvas.definitions.push(
    gradient(id, [
      { offset: 0, colour: '#fff4dc', opacity: 0.3 },
      { offset: 0.4, colour: '#fff4dc', opacity: 0 },
      { offset: 0.55, colour: '#2a1a2e', opacity: 0 },
      { offset: 1, colour: '#2a1a2e', opacity: 0.34 },
    ]),
  );
  return `url(#${id})`;
}

function shaded(canvas: Drawing, { left, top, right, bottom }: Box): string {
  return rectangle(at(left - 20, top - 20), at(right - left + 40, bottom - top + 40), { fill: volume(canvas) });
}

function turned(svg: string, { x, y }: { x: number; y: number }, degrees: number): string {
  return element('g', { transform: `translate(${short(x)} ${short(y)})rotate(${short(degrees)})` }, svg);
}

function trunkOf(canvas: Drawing, breed: Breed, coat: Coat, figure: Figure): string {
  const { random } = canvas;
  const box = boxOf(figure.near.map((part) => part.outline));
  const base = { texture: breed.texture, hair: breed.hair, ink: inkOf(coat.base), line: outline };
  const crease = creaseOf(coat.base);
  const locks = strands(random, box, { texture: breed.texture, colour: crease });
  const far = silhouette(canvas, {
    ...base,
    parts: figure.far,
    fill: darker(coat.base, lightness(coat.base) > 0.75 ? 0.16 : 0.27),
  });
  const near = silhouette(canvas, {
    ...base,
    parts: figure.near,
    fill: coat.base,
    inside: bodyMarkings(coat, figure, box, random) + locks + shaded(canvas, box),
  });
  const lines = figure.creases.map((points) => stroke(openPath(points), crease, 1.3, 0.75));
  return far + near + lines.join('');
}

function tailOf(canvas: Drawing, breed: Breed, { base, second, marking }: Coat, figure: Figure): string {
  const share = marking === 'saddle' ? 0.5 : marking === 'pale' ? 0.25 : 0;
  return silhouette(canvas, {
    parts: figure.tail,
    texture: breed.texture,
    hair: breed.hair,
    fill: share > 0 ? blend(base, second, share) : darker(base, 0.1),
    ink: inkOf(base),
    line: outline,
  });
}

const collarColours: readonly Colour[] = ['#c8483f', '#3f7fc0', '#e0a93a', '#4d9a68', '#8a5fa8', '#2f3440'];

/** Worn by some dogs of every breed. */
function collarOn(canvas: Drawing, [from, to]: Figure['collar']): string {
  const { random } = canvas;
  const colour = pick(random, collarColours);
  const worn = happens(random, 0.45);
  const middle = at((from.x + to.x) / 2, (from.y + to.y) / 2);
  const sag = at(middle.x + 1, middle.y + 4.5);
  if (!worn) return '';
  const band = openPath([from, sag, to]);
  const tag = at(sag.x + (to.x - from.x) * 0.12, sag.y + 5);
  return (
    stroke(band, darker(colour, 0.5), 5.6) +
    stroke(band, colour, 4) +
    disc(tag, 2.9, { fill: '#f0c552', stroke: '#8a6a24', 'stroke-width': 0.7 })
  );
}

const earHeight: Readonly<Record<Ears, number>> = {
  prick: 1.7,
  bat: 1.9,
  semi: 1.55,
  button: 1.2,
  drop: 1.1,
  long: 1.1,
  rose: 1.1,
};

/** How far ears or topknot rise above the centre of the skull, in skull radii. */
function crownHeight({ ears, features }: Breed): number {
  return features.includes('topknot') ? 1.7 : earHeight[ears];
}

function wholeDog(canvas: Drawing, breed: Breed, coat: Coat, pose: BodyPose): Dog {
  const { random } = canvas;
  const figure = figureOf(breed, pose, random);
  const { skull } = breed.build;
  const drawHead = figure.frontal ? frontalHead : profileHead;
  const head = turned(drawHead(canvas, breed, coat, skull), figure.head, between(random, -9, 9));
  const tail = tailOf(canvas, breed, coat, figure);
  const parts = [...figure.near, ...figure.far, ...figure.tail].flatMap((part) => part.outline);
  const reach = skull * (figure.frontal ? 1.15 : 0.9 + breed.build.muzzle.length);
  const { x, y } = figure.head;
  const box = boundingBox([...parts, at(x + reach, y), at(x - skull * 1.15, y), at(x, y - skull * crownHeight(breed))]);
  const middle = (box.left + box.right) / 2;
  const shadow = oval(at(middle, 0.5), at((box.right - box.left) * 0.5, 5.5), {
    fill: '#1d1a2b',
    'fill-opacity': 0.24,
  });
  return { svg: shadow + tail + trunkOf(canvas, breed, coat, figure) + collarOn(canvas, figure.collar) + head, box };
}

/** Head and shoulders, looking at the viewer; the ground is far below the picture. */
function portrait(canvas: Drawing, breed: Breed, coat: Coat): Dog {
  const { random } = canvas;
  const { skull, depth } = breed.build;
  const top = -skull * 0.2;
  const half = depth * 0.85;
  const shoulders = [
    at(0, top),
    at(skull * 0.62, top + 10),
    at(half, top + 34),
    at(half * 1.12, 62),
    at(-half * 1.12, 62),
    at(-half, top + 34),
    at(-skull * 0.62, top + 10),
  ];
  const box = { left: -half * 1.1, top, right: half * 1.1, bottom: 60 };
  const marked: MarkedParts = {
    spine: [at(-half, 26), at(-half * 0.5, top + 24), at(half * 0.5, top + 24), at(half, 26)],
    depth: depth * 0.6,
    paws: [],
    breast: at(0, 40),
    frontal: true,
  };
  const trunk = silhouette(canvas, {
    parts: [{ outline: shoulders, hair: 1 }],
    texture: breed.texture,
    hair: breed.hair,
    fill: coat.base,
    ink: inkOf(coat.base),
    line: outline,
    inside: bodyMarkings(coat, marked, box, random) + shaded(canvas, box),
  });
  const head = turned(
    frontalHead(canvas, breed, coat, skull),
    at(between(random, -3, 3), -skull * 0.62),
    between(random, -13, 13),
  );
  return {
    svg: trunk + head,
    box: { left: -skull * 1.25, top: -skull * (0.62 + crownHeight(breed)), right: skull * 1.25, bottom: 34 },
  };
}

export function drawDog(canvas: Drawing, breed: Breed, given: { coat: Coat; pose: Pose }): Dog {
  return given.pose === 'face' ? portrait(canvas, breed, given.coat) : wholeDog(canvas, breed, given.coat, given.pose);
}
