import type { Random } from '../../../../random/index.ts';
import type { Breed } from '../breed.ts';
import { between, happens } from '../chance.ts';
import type { Figure } from '../figure.ts';
import { at } from '../geometry.ts';
import { tailParts } from '../tails.ts';
import { collarOf, foreleg, hindleg, neckPart } from './limbs.ts';

export function standing(breed: Breed, random: Random): Figure {
  const { build } = breed;
  const { length, depth, legs, tuck, neck, skull } = build;
  const back = -(legs + depth);
  const stride = between(random, -0.22, 0.22) * legs;
  const carriage = between(random, 35, 72) * (Math.PI / 180);
  const withers = at(length * 0.34, back + depth * 0.3);
  const reach = neck + skull * 0.55;
  const head = at(length * 0.38 + reach * Math.cos(carriage), back + depth * 0.12 - reach * Math.sin(carriage));
  const trunk = [
    at(-0.5 * length, back + depth * 0.36),
    at(-0.41 * length, back + depth * 0.03),
    at(0, back + depth * 0.05),
    at(0.33 * length, back),
    at(0.47 * length, back + depth * 0.32),
    at(0.46 * length, -(legs + depth * 0.2)),
    at(0.28 * length, -legs + depth * 0.03),
    at(-0.02 * length, -(legs + depth * tuck * 0.55)),
    at(-0.28 * length, -(legs + depth * tuck)),
    at(-0.46 * length, -(legs + depth * 0.22)),
  ];
  const shoulder = length * 0.32;
  const hip = -length * 0.37;
  return {
    tail: tailParts(breed, at(-0.45 * length, back + depth * 0.12), { resting: false, random }),
    far: [...foreleg(build, shoulder + 8, -stride), ...hindleg(build, hip + 10, stride)],
    near: [
      { outline: trunk, hair: 1 },
      neckPart(build, withers, head),
      ...foreleg(build, shoulder, stride),
      ...hindleg(build, hip, -stride * 0.9),
    ],
    creases: [
      [
        at(hip + length * 0.13, -(legs + depth * 0.62)),
        at(hip + length * 0.15, -(legs + depth * 0.25)),
        at(hip + length * 0.08, -legs * 0.9),
      ],
      [at(shoulder - length * 0.1, -(legs + depth * 0.4)), at(shoulder - length * 0.07, -(legs + depth * 0.06))],
    ],
    spine: [trunk[1]!, trunk[2]!, trunk[3]!],
    depth,
    paws: [shoulder + stride, shoulder + 8 - stride, hip - stride * 0.9, hip + 10 + stride].map((x) => at(x, -4)),
    breast: at(0.46 * length, -(legs + depth * 0.32)),
    collar: collarOf(build, withers, head),
    head,
    frontal: happens(random, 0.35),
  };
}
