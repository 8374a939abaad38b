/** Plane geometry of the drawings. Units of the figure; y grows downwards as in SVG, the ground is y = 0. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Control points of a closed Catmull–Rom spline, in either sense. */
export type Outline = readonly Point[];

export function at(x: number, y: number): Point {
  return { x, y };
}

export function mix(a: Point, b: Point, share: number): Point {
  return at(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
}

/** Turns clockwise (as seen, y down) about the origin, then scales, then moves. */
export function placed(points: Outline, move: Point, scale = 1, degrees = 0): Point[] {
  const turn = (degrees * Math.PI) / 180;
  const cos = Math.cos(turn) * scale;
  const sin = Math.sin(turn) * scale;
  return points.map(({ x, y }) => at(move.x + x * cos - y * sin, move.y + x * sin + y * cos));
}

export function mirrored(points: Outline): Point[] {
  return points.map(({ x, y }) => at(-x, y));
}

/** Two decimals are finer than any pixel here, and keep the SVG short. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function pair({ x, y }: Point): string {
  return `${short(x)} ${short(y)}`;
}

function bezier(before: Point, from: Point, to: Point, after: Point): string {
  const first = at(from.x + (to.x - before.x) / 6, from.y + (to.y - before.y) / 6);
  const second = at(to.x - (after.x - from.x) / 6, to.y - (after.y - from.y) / 6);
  return `C${pair(first)} ${pair(second)} ${pair(to)}`;
}

/** SVG path data of the closed spline. */
export function closedPath(points: Outline): string {
  const { length } = points;
  const point = (index: number): Point => points[(index + length) % length]!;
  const curves = points.map((from, i) => bezier(point(i - 1), from, point(i + 1), point(i + 2)));
  return `M${pair(point(0))}${curves.join('')}Z`;
}

/** SVG path data of an open spline through the points. */
export function openPath(points: readonly Point[]): string {
  const { length } = points;
  const point = (index: number): Point => points[Math.min(Math.max(index, 0), length - 1)]!;
  const curves = points.slice(1).map((to, i) => bezier(point(i - 1), point(i), to, point(i + 2)));
  return `M${pair(point(0))}${curves.join('')}`;
}

export function polygonPath(points: readonly Point[]): string {
  return `M${points.map(pair).join('L')}Z`;
}

/** Points on the closed spline, about `step` apart. */
export function walked(points: Outline, step: number): Point[] {
  const { length } = points;
  const result: Point[] = [];
  for (let i = 0; i < length; i++) {
    const [a, b, c, d] = [-1, 0, 1, 2].map((offset) => points[(i + offset + length) % length]!) as [
      Point,
      Point,
      Point,
      Point,
    ];
    const count = Math.max(1, Math.round(Math.hypot(c.x - b.x, c.y - b.y) / step));
    for (let k = 0; k < count; k++) result.push(catmullRom([a, b, c, d], k / count));
  }
  return result;
}

function catmullRom([a, b, c, d]: readonly [Point, Point, Point, Point], t: number): Point {
  const along = (p: number, q: number, r: number, s: number): number =>
    q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)));
  return at(along(a.x, b.x, c.x, d.x), along(a.y, b.y, c.y, d.y));
}

/** Twice the enclosed area, positive when the outline runs clockwise as seen. */
export function signedArea(points: Outline): number {
  return points.reduce((sum, { x, y }, i) => {
    const next = points[(i + 1) % points.length]!;
    return sum + x * next.y - next.x * y;
  }, 0);
}

export function ellipse(centre: Point, width: number, height: number, degrees = 0): Point[] {
  const circle = Array.from({ length: 8 }, (_, i) => {
    const angle = (i * Math.PI) / 4;
    return at(Math.cos(angle) * width, Math.sin(angle) * height);
  });
  return placed(circle, centre, 1, degrees);
}

/** A tube along `joints` with a half-width at each: legs, necks, tails. Rounded at both ends. */
export function limb(joints: readonly Point[], halfWidths: readonly number[]): Point[] {
  const left: Point[] = [];
  const right: Point[] = [];
  const last = joints.length - 1;
  joints.forEach((joint, i) => {
    const before = joints[Math.max(0, i - 1)]!;
    const after = joints[Math.min(last, i + 1)]!;
    const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
    const along = at((after.x - before.x) / length, (after.y - before.y) / length);
    const width = halfWidths[i]!;
    const cap = i === 0 ? -0.5 : i === last ? 0.5 : 0;
    const centre = at(joint.x + along.x * width * cap, joint.y + along.y * width * cap);
    const side = i === 0 || i === last ? width * 0.85 : width;
    left.push(at(centre.x + along.y * side, centre.y - along.x * side));
    right.push(at(centre.x - along.y * side, centre.y + along.x * side));
  });
  return [...left, ...right.reverse()];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boundingBox(points: readonly Point[]): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}
