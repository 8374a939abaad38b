import type { Build } from '../breed.ts';
import type { Part } from '../figure.ts';
import { at, ellipse, limb, mix, type Point } from '../geometry.ts';

/** Hair on legs and feet is shorter than on the trunk. */
export const legHair = 0.35;

export function foreleg({ legs, depth, bone }: Build, shoulder: number, swing: number): Part[] {
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

export function hindleg({ legs, depth, bone, length }: Build, hip: number, swing: number): Part[] {
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

export function neckPart(build: Build, from: Point, head: Point): Part {
  return {
    outline: limb(
      [from, at((from.x + head.x) / 2, (from.y + head.y) / 2), head],
      [build.depth * 0.42, (build.depth * 0.34 + build.skull * 0.52) / 2, build.skull * 0.62],
    ),
    hair: 0.8,
  };
}

/** Across the neck, below the head. */
export function collarOf(build: Build, from: Point, head: Point): readonly [Point, Point] {
  const middle = mix(from, head, 0.5);
  const distance = Math.hypot(head.x - from.x, head.y - from.y) || 1;
  const half = (build.depth * 0.34 + build.skull * 0.52) / 2;
  const across = at(((from.y - head.y) / distance) * half, ((head.x - from.x) / distance) * half);
  return [at(middle.x - across.x, middle.y - across.y), at(middle.x + across.x, middle.y + across.y)];
}
