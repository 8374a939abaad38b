import type { Random } from '../../../../random/index.ts';
import type { Breed } from '../breed.ts';
import { between, happens } from '../chance.ts';
import type { Figure, Part } from '../figure.ts';
import { at, ellipse, limb } from '../geometry.ts';
import { tailParts } from '../tails.ts';
import { collarOf, legHair, neckPart } from './limbs.ts';

export function lying(breed: Breed, random: Random): Figure {
  const { build } = breed;
  const { length, depth, legs, bone, neck, skull } = build;
  const height = depth * 0.98;
  const carriage = between(random, 35, 80) * (Math.PI / 180);
  const reach = neck * 0.9 + skull * 0.55;
  const head = at(length * 0.4 + reach * Math.cos(carriage), -height * 0.92 - reach * Math.sin(carriage));
  const reachOfLegs = Math.max(22, legs * 0.55);
  const trunk = [
    at(-0.5 * length, -2),
    at(-0.53 * length, -0.45 * height),
    at(-0.4 * length, -0.9 * height),
    at(-0.05 * length, -0.86 * height),
    at(0.3 * length, -1.02 * height),
    at(0.5 * length, -0.8 * height),
    at(0.5 * length, -0.34 * height),
    at(0.36 * length, -2),
    at(-0.1 * length, -1),
  ];
  const leg = (x: number, y: number): Part => ({
    outline: limb(
      [
        at(x - 4, -height * 0.36),
        at(x + 6, -bone * 1.1 + y),
        at(x + reachOfLegs * 0.6, -bone * 0.9 + y),
        at(x + reachOfLegs, -bone * 0.85 + y),
      ],
      [bone * 1.5, bone * 1.1, bone * 0.9, bone * 0.98],
    ),
    hair: legHair,
  });
  const haunch = ellipse(at(-0.29 * length, -0.4 * height), 0.23 * length, 0.4 * height, 8);
  const shoulder = length * 0.38;
  return {
    tail: tailParts(breed, at(-0.49 * length, -height * 0.2), { resting: true, random }),
    far: [leg(shoulder + 7, -2.5)],
    near: [
      { outline: trunk, hair: 1 },
      neckPart(build, at(length * 0.34, -height * 0.66), head),
      { outline: haunch, hair: 0.6 },
      {
        outline: limb([at(-0.34 * length, -bone * 0.9), at(-0.06 * length, -bone * 0.8)], [bone, bone * 0.95]),
        hair: 0,
      },
      leg(shoulder, 0),
    ],
    creases: [
      [
        at(-0.36 * length, -0.78 * height),
        at(-0.1 * length, -0.62 * height),
        at(-0.06 * length, -0.32 * height),
        at(-0.16 * length, -bone * 1.9),
      ],
      [at(shoulder - 12, -height * 0.5), at(shoulder - 9, -height * 0.2)],
    ],
    spine: [trunk[2]!, trunk[3]!, trunk[4]!],
    depth,
    paws: [at(shoulder + reachOfLegs, -4), at(shoulder + reachOfLegs + 7, -6), at(-0.06 * length, -4)],
    breast: at(0.5 * length, -0.55 * height),
    collar: collarOf(build, at(length * 0.34, -height * 0.66), head),
    head,
    frontal: happens(random, 0.3),
  };
}
