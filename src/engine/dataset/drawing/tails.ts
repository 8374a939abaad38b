import type { Random } from '../../../random/index.ts';
import type { Breed, Tail } from './breed.ts';
import { between } from './chance.ts';
import type { Part } from './figure.ts';
import { at, ellipse, limb, type Point, placed } from './geometry.ts';

type Shape = (wag: number) => { joints: readonly Point[]; widths: readonly number[] };

/** From the root at the origin, pointing left; the trunk lies to the right. `wag` in −1…1. */
const carried: Readonly<Record<Tail, Shape>> = {
  upright: (wag) => ({ joints: [at(4, 2), at(-4, -12), at(-6 - 5 * wag, -34)], widths: [5.5, 4.6, 2.6] }),
  curl: (wag) => ({
    joints: [at(4, 3), at(-9, -11), at(-3, -25), at(11 + wag, -24), at(14, -13)],
    widths: [6.5, 7.5, 8.5, 7.5, 4.5],
  }),
  plume: (wag) => ({
    joints: [at(5, 3), at(-10, -6), at(-19, -22 - 5 * wag), at(-13, -38 - 8 * wag), at(-3, -43 - 9 * wag)],
    widths: [5.5, 7, 8.5, 7.5, 3],
  }),
  sabre: (wag) => ({
    joints: [at(4, 2), at(-14, -3), at(-30, -14 - 5 * wag), at(-40, -32 - 12 * wag)],
    widths: [5, 4, 3, 1.4],
  }),
  whip: (wag) => ({
    joints: [at(3, 2), at(-11, 12), at(-17, 32), at(-25 - 6 * wag, 46), at(-40 - 6 * wag, 45 - 8 * wag)],
    widths: [3.4, 2.7, 2.1, 1.6, 1],
  }),
  stub: () => ({ joints: [at(4, 3), at(-3, -3), at(-8, -8)], widths: [5.5, 4.6, 3.2] }),
  pom: (wag) => ({ joints: [at(4, 2), at(-6, -14), at(-9 - 3 * wag, -28)], widths: [3, 2.6, 2.6] }),
  feather: (wag) => ({
    joints: [at(4, 2), at(-15, 0), at(-32, -6 - 10 * wag), at(-46, -13 - 18 * wag)],
    widths: [4.5, 5.5, 6.5, 2],
  }),
  otter: (wag) => ({
    joints: [at(5, 3), at(-10, 9), at(-17, 26), at(-22 - 8 * wag, 40 - 4 * wag)],
    widths: [7.5, 6, 4.4, 2.2],
  }),
};

/** On the ground behind a sitting or lying dog. */
const grounded: Readonly<Record<'thin' | 'thick', Shape>> = {
  thin: (wag) => ({ joints: [at(4, -2), at(-14, -1), at(-30, -3), at(-42, -8 - 6 * wag)], widths: [3.6, 3, 2.2, 1.3] }),
  thick: (wag) => ({ joints: [at(4, -3), at(-12, -2), at(-26, -5), at(-36, -12 - 6 * wag)], widths: [5.5, 6.5, 7, 3] }),
};

/** Curled, docked and upright tails keep their carriage in every pose; the others come to rest on the ground. */
export function tailParts(breed: Breed, root: Point, given: { resting: boolean; random: Random }): Part[] {
  const wag = between(given.random, -1, 1);
  const keeps = ['upright', 'curl', 'stub', 'pom'].includes(breed.tail);
  const thin = breed.tail === 'whip' || breed.tail === 'sabre';
  const shape = given.resting && !keeps ? grounded[thin ? 'thin' : 'thick'](wag) : carried[breed.tail](wag);
  const bushy = breed.tail === 'feather' || breed.tail === 'plume' || breed.tail === 'curl';
  const tube = { outline: placed(limb(shape.joints, shape.widths), root), hair: bushy ? 1 : 0.45 };
  if (breed.tail !== 'pom') return [tube];
  const end = shape.joints.at(-1)!;
  const pompon = ellipse(at(end.x, end.y - 3), 8.5, 9);
  return [
    { ...tube, hair: 0.2 },
    { outline: placed(pompon, root), hair: 0.8 },
  ];
}
