import type { Random } from '../../../random/index.ts';
import type { Breed, Build } from './breeds.ts';
import { between, happens } from './chance.ts';
import type { Figure, Part } from './figure.ts';
import { at, ellipse, limb, mirrored, mix, type Point } from './geometry.ts';
import { tailParts } from './tails.ts';

export type BodyPose = 'standing' | 'sitting' | 'lying';

/** Hair on legs and feet is shorter than on the trunk. */
const legHair = 0.35;

function foreleg({ legs, depth, bone }: Build, shoulder: number, swing: number): Part[] {
  const paw = at(shoulder + swing + bone * 0.35, -bone * 0.62);
  const joints = [
    at(shoulder, -(legs + depth * 0.4)),
    at(shoulder - bone * 0.3, -legs * 0.95),
    at(shoulder + swing * 0.45, -legs * 0.42),
    at(shoulder + swing, -bone * 0.8),
  ];
  return [
    { outline: limb(joints, [bone * 1.75, bone * 1.25, bone * 0.88, bone * 0.9]), hair: legHair },
    { outline: ellipse(paw, bone * 1.3, bone * 0.72), hair: 0 },
  ];
}

function hindleg({ legs, depth, bone, length }: Build, hip: number, swing: number): Part[] {
  const paw = at(hip + swing - length * 0.02 + bone * 0.4, -bone * 0.6);
  const joints = [
    at(hip, -(legs + depth * 0.52)),
    at(hip + length * 0.055, -(legs * 0.88 + depth * 0.05)),
    at(hip - length * 0.055 + swing * 0.55, -legs * 0.43 - bone * 0.3),
    at(hip - length * 0.02 + swing, -bone * 0.8),
  ];
  return [
    { outline: limb(joints, [depth * 0.36, depth * 0.25 + bone * 0.4, bone * 0.85, bone * 0.88]), hair: legHair },
    { outline: ellipse(paw, bone * 1.3, bone * 0.7), hair: 0 },
  ];
}

function neckPart(build: Build, from: Point, head: Point): Part {
  return {
    outline: limb(
      [from, at((from.x + head.x) / 2, (from.y + head.y) / 2), head],
      [build.depth * 0.42, (build.depth * 0.34 + build.skull * 0.52) / 2, build.skull * 0.62],
    ),
    hair: 0.8,
  };
}

/** Across the neck, below the head. */
function collarOf(build: Build, from: Point, head: Point): readonly [Point, Point] {
  const middle = mix(from, head, 0.5);
  const distance = Math.hypot(head.x - from.x, head.y - from.y) || 1;
  const half = (build.depth * 0.34 + build.skull * 0.52) / 2;
  const across = at(((from.y - head.y) / distance) * half, ((head.x - from.x) / distance) * half);
  return [at(middle.x - across.x, middle.y - across.y), at(middle.x + across.x, middle.y + across.y)];
}

function standing(breed: Breed, random: Random): Figure {
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

function sittingSideways(breed: Breed, random: Random): Figure {
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

function sittingFrontally(breed: Breed, random: Random): Figure {
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

function lying(breed: Breed, random: Random): Figure {
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

export function figureOf(breed: Breed, pose: BodyPose, random: Random): Figure {
  if (pose === 'standing') return standing(breed, random);
  if (pose === 'lying') return lying(breed, random);
  return happens(random, 0.5) ? sittingFrontally(breed, random) : sittingSideways(breed, random);
}
