import { type Point, pair, short } from './geometry.ts';

/** Colours are `#rrggbb`; mixing is done on the sRGB values, as paint programs do. */
export type Colour = `#${string}`;

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

export function blend(from: Colour, to: Colour, share: number): Colour {
  const target = channels(to);
  const mixed = channels(from).map((value, i) => Math.round(value + (target[i]! - value) * share));
  return `#${mixed.map((value) => Math.min(255, Math.max(0, value)).toString(16).padStart(2, '0')).join('')}`;
}

export function lighter(colour: Colour, share: number): Colour {
  return blend(colour, '#fff6e8', share);
}

/** Towards a warm near-black: pure black looks dead beside painted colours. */
export function darker(colour: Colour, share: number): Colour {
  return blend(colour, '#1d1418', share);
}

/** Perceived lightness 0–1 (Rec. 601 weights). */
export function lightness(colour: Colour): number {
  const [red, green, blue] = channels(colour) as [number, number, number];
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One SVG element; numbers are shortened, undefined attributes left out. Values come from this folder only, so nothing needs escaping. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : value}"`)
    .join('');
  return children.length === 0 ? `<${name}${text}/>` : `<${name}${text}>${children.join('')}</${name}>`;
}

export function path(d: string, attributes: Attributes): string {
  return element('path', { d, ...attributes });
}

export function disc(centre: Point, radius: number, attributes: Attributes): string {
  return element('circle', { cx: centre.x, cy: centre.y, r: radius, ...attributes });
}

export function oval(centre: Point, size: Point, attributes: Attributes): string {
  return element('ellipse', { cx: centre.x, cy: centre.y, rx: size.x, ry: size.y, ...attributes });
}

export function rectangle(corner: Point, size: Point, attributes: Attributes): string {
  return element('rect', { x: corner.x, y: corner.y, width: size.x, height: size.y, ...attributes });
}

/** An unfilled stroke with round ends. */
export function stroke(d: string, colour: Colour, width: number, opacity = 1): string {
  return path(d, {
    fill: 'none',
    stroke: colour,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    // Not `opacity`: that would composite a layer of the whole picture's size.
    'stroke-opacity': opacity === 1 ? undefined : opacity,
  });
}

export interface Stop {
  readonly offset: number;
  readonly colour: Colour;
  readonly opacity?: number;
}

/** A linear gradient over the box of what it fills, from top to bottom unless told otherwise. */
export function gradient(id: string, stops: readonly Stop[], direction: Point = { x: 0, y: 1 }): string {
  return element(
    'linearGradient',
    { id, x1: 0, y1: 0, x2: direction.x, y2: direction.y },
    ...stops.map(({ offset, colour, opacity }) =>
      element('stop', { offset, 'stop-color': colour, 'stop-opacity': opacity }),
    ),
  );
}

export function straightLine(from: Point, to: Point): string {
  return `M${pair(from)}L${pair(to)}`;
}
