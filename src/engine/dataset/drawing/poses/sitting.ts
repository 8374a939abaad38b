import type { Random } from '../../../../random/index.ts';
import type { Breed } from '../breed.ts';
import { between, happens } from '../chance.ts';
import type { Figure, Part } from '../figure.ts';
import { at, ellipse, limb, mirrored } from '../geometry.ts';
import { tailParts } from '../tails.ts';
import { collarOf, legHair, neckPart } from './limbs.ts';

export function sittingSideways(breed: Breed, random: Random): Figure {
  const { build } = breed;
  const { length, depth, legs, bone, neck, skull } = build;
  const height = legs * 0.85 + depth * 1.12;
  const carriage = between(random, 60, 88) * (Math.PI / 180);
  const reach = neck * 0.9 + skull * 0.6;
  const head = at(length * 0.1 + reach * Math.cos(carriage), -height * 0.97 - reach * Math.sin(carriage));
  const trunk = [
    at(-0.36 * length, -2),
    at(-0.42 * length, -0.26 * height),
    at(-0.3 * length, -0.66 * height),
    at(-0.08 * length, -0.97 * height),
    at(0.14 * length, -1.02 * height),
    at(0.25 * length, -0.8 * height),
    at(0.26 * length, -0.52 * height),
    at(0.16 * length, -0.28 * height),
    at(0.04 * length, -2),
  ];
  const leg = (x: number): Part[] => [
    {
      outline: limb(
        [
          at(x - bone * 0.6, -height * 0.6),
          at(x - bone * 0.2, -height * 0.38),
          at(x, -height * 0.17),
          at(x + 1, -bone * 0.8),
        ],
        [bone * 1.9, bone * 1.3, bone * 0.95, bone * 0.95],
      ),
      hair: legHair,
    },
    { outline: ellipse(at(x + bone * 0.6, -bone * 0.62), bone * 1.35, bone * 0.72), hair: 0 },
  ];
  const haunch = ellipse(at(-0.17 * length, -0.27 * height), 0.23 * length, 0.27 * height, -18);
  const shoulder = length * 0.2;
  return {
    tail: tailParts(breed, at(-0.38 * length, -5), { resting: true, random }),
    far: [
      ...leg(shoulder + 8),
      { outline: ellipse(at(0.16 * length, -bone * 0.55), bone * 1.5, bone * 0.66), hair: 0 },
    ],
    near: [
      { outline: trunk, hair: 1 },
      neckPart(build, at(length * 0.06, -height * 0.82), head),
      { outline: haunch, hair: 0.6 },
      { outline: ellipse(at(0.04 * length, -bone * 0.66), bone * 1.9, bone * 0.78), hair: 0 },
      ...leg(shoulder),
    ],
    creases: [
      [
        at(-0.2 * length, -0.53 * height),
        at(0.0 * length, -0.42 * height),
        at(0.05 * length, -0.18 * height),
        at(0, -bone * 1.5),
      ],
    ],
    spine: [at(-0.4 * length, -0.2 * height), at(-0.28 * length, -0.68 * height), at(0, -height)],
    depth,
    paws: [at(shoulder, -4), at(shoulder + 8, -4), at(0.05 * length, -4)],
    breast: at(0.25 * length, -0.62 * height),
    collar: collarOf(build, at(length * 0.06, -height * 0.82), head),
    head,
    frontal: happens(random, 0.35),
  };
}

export function sittingFrontally(breed: Breed, random: Random): Figure {
  const { build } = breed;
  const { length, depth, legs, bone, neck, skull } = build;
  const height = legs * 0.8 + depth * 1.1;
  const width = depth * 0.46 + length * 0.05;
  const half = [
    at(width * 0.55, -height * 1.02),
    at(width * 0.86, -height * 0.74),
    at(width * 0.8, -height * 0.36),
    at(width * 0.7, -3),
  ];
  const trunk = [at(0, -height * 1.1), ...half, ...half.toReversed().map(({ x, y }) => at(-x, y))];
  const leg = (side: number): Part[] => [
    {
      outline: limb(
        [
          at(side * width * 0.42, -height * 0.62),
          at(side * width * 0.42, -height * 0.3),
          at(side * width * 0.44, -bone * 0.8),
        ],
        [bone * 1.25, bone, bone * 1.05],
      ),
      hair: legHair,
    },
    { outline: ellipse(at(side * width * 0.45, -bone * 0.62), bone * 1.3, bone * 0.74), hair: 0 },
  ];
  const haunch = (side: number): Part[] => [
    { outline: ellipse(at(side * width * 0.95, -height * 0.22), width * 0.46, height * 0.25, side * 12), hair: 0.6 },
    { outline: ellipse(at(side * width * 1.12, -bone * 0.6), bone * 1.5, bone * 0.74), hair: 0 },
  ];
  const head = at(between(random, -4, 4), -height - neck * 0.55 - skull * 0.45);
  const side = happens(random, 0.5) ? 1 : -1;
  const behind = tailParts(breed, at(-width * 0.95, -6), { resting: true, random });
  return {
    tail: side > 0 ? behind : behind.map((part) => ({ ...part, outline: mirrored(part.outline) })),
    far: [...haunch(-1), ...haunch(1)],
    near: [{ outline: trunk, hair: 0.8 }, neckPart(build, at(0, -height * 0.85), head), ...leg(-1), ...leg(1)],
    creases: [[at(0, -height * 0.42), at(1, -height * 0.16)]],
    spine: [at(-width, -height * 0.5), at(0, -height * 1.08), at(width, -height * 0.5)],
    depth: depth * 0.5,
    paws: [at(-width * 0.45, -4), at(width * 0.45, -4), at(-width * 1.1, -4), at(width * 1.1, -4)],
    breast: at(0, -height * 0.68),
    collar: collarOf(build, at(0, -height * 0.85), head),
    head,
    frontal: true,
  };
}
