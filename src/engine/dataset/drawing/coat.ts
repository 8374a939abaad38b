import type { Random } from '../../../random/index.ts';
import type { Texture } from './breed.ts';
import { between } from './chance.ts';
import { at, closedPath, mix, type Outline, type Point, pair, walked } from './geometry.ts';

interface Hair {
  /** Distance between locks, in units of the hair's length. */
  readonly spacing: number;
  /** How much gravity bends the tips. */
  readonly droop: number;
  /** How much shorter hair is where the outline faces the sky. */
  readonly topShare: number;
  readonly rounded: boolean;
}

const hairs: Readonly<Record<Exclude<Texture, 'smooth'>, Hair>> = {
  wiry: { spacing: 0.9, droop: 0.1, topShare: 0.75, rounded: false },
  long: { spacing: 0.95, droop: 0.75, topShare: 0.22, rounded: false },
  fluffy: { spacing: 0.75, droop: 0.15, topShare: 0.85, rounded: false },
  curly: { spacing: 1.15, droop: 0, topShare: 1, rounded: true },
};

/** A clockwise outline of a part of the body with its hair: path data. `length` is the hair's length there; 0 means smooth. */
export function coatPath(outline: Outline, texture: Texture, length: number, random: Random): string {
  if (texture === 'smooth' || length < 0.4) return closedPath(outline);
  const hair = hairs[texture];
  const points = walked(outline, length * hair.spacing);
  const locks = points.map((from, i) => {
    const to = points[(i + 1) % points.length]!;
    return lock(from, to, { hair, length: length * between(random, 0.55, 1.1) });
  });
  return `M${pair(points[0]!)}${locks.join('')}Z`;
}

function lock(from: Point, to: Point, given: { hair: Hair; length: number }): string {
  const { hair } = given;
  const distance = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const normal = at((to.y - from.y) / distance, (from.x - to.x) / distance);
  const share = hair.topShare + ((1 - hair.topShare) * (1 + normal.y)) / 2;
  const length = given.length * share;
  if (hair.rounded) {
    const bulge = (point: Point): Point => at(point.x + normal.x * length, point.y + normal.y * length);
    return `C${pair(bulge(mix(from, to, -0.1)))} ${pair(bulge(mix(from, to, 1.1)))} ${pair(to)}`;
  }
  const middle = mix(from, to, 0.55);
  const tip = at(middle.x + normal.x * length, middle.y + (normal.y + hair.droop) * length);
  const bend = at(from.x + normal.x * length * 0.6, from.y + normal.y * length * 0.6);
  const back = mix(to, tip, 0.45);
  const hollow = at(back.x - normal.x * length * 0.18, back.y - normal.y * length * 0.18);
  return `Q${pair(bend)} ${pair(tip)}Q${pair(hollow)} ${pair(to)}`;
}
