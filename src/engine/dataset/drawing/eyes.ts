import { at, openPath, type Point } from './geometry.ts';
import { type Colour, darker, disc, lighter, oval, path, stroke } from './paint.ts';

/** One eye: rim, iris, pupil and the light in it. */
export function eye(centre: Point, radius: number, iris: Colour): string {
  const { x, y } = centre;
  return [
    oval(centre, at(radius * 1.28, radius * 1.22), { fill: '#201818' }),
    disc(centre, radius * 0.94, { fill: iris }),
    disc(at(x, y + radius * 0.35), radius * 0.5, { fill: lighter(iris, 0.3), 'fill-opacity': 0.55 }),
    disc(centre, radius * 0.56, { fill: '#120d0f' }),
    disc(at(x + radius * 0.34, y - radius * 0.4), radius * 0.32, { fill: '#ffffff' }),
    disc(at(x - radius * 0.35, y + radius * 0.35), radius * 0.13, { fill: '#ffffff', 'fill-opacity': 0.7 }),
  ].join('');
}

/** An eye shut with pleasure. */
export function shutEye({ x, y }: Point, radius: number): string {
  const lid = [
    at(x - radius * 1.2, y - radius * 0.1),
    at(x, y + radius * 0.65),
    at(x + radius * 1.2, y - radius * 0.1),
  ];
  return stroke(openPath(lid), '#201818', radius * 0.5);
}

export function nose({ x, y }: Point, size: Point, colour: Colour): string {
  const { x: w, y: h } = size;
  const d = `M${x - w} ${y - h * 0.45}C${x - w * 0.8} ${y - h * 1.15} ${x + w * 0.8} ${y - h * 1.15} ${x + w} ${y - h * 0.45}C${x + w * 1.05} ${y + h * 0.4} ${x + w * 0.3} ${y + h} ${x} ${y + h}C${x - w * 0.3} ${y + h} ${x - w * 1.05} ${y + h * 0.4} ${x - w} ${y - h * 0.45}Z`;
  return [
    path(d, { fill: colour }),
    oval(at(x - w * 0.3, y - h * 0.45), at(w * 0.34, h * 0.2), { fill: '#ffffff', 'fill-opacity': 0.4 }),
    oval(at(x - w * 0.45, y + h * 0.2), at(w * 0.2, h * 0.15), { fill: darker(colour, 0.8) }),
    oval(at(x + w * 0.45, y + h * 0.2), at(w * 0.2, h * 0.15), { fill: darker(colour, 0.8) }),
  ].join('');
}

export function tongue({ x, y }: Point, width: number, length: number): string {
  const d = `M${x - width} ${y}C${x - width * 1.1} ${y + length * 0.9} ${x - width * 0.5} ${y + length} ${x} ${y + length}C${x + width * 0.5} ${y + length} ${x + width * 1.1} ${y + length * 0.9} ${x + width} ${y}Z`;
  return (
    path(d, { fill: '#e8808a' }) + stroke(`M${x} ${y + length * 0.1}L${x} ${y + length * 0.6}`, '#c65f6e', width * 0.22)
  );
}
