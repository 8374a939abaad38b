import type { Random } from '../../../random/index.ts';
import type { Texture } from './breeds.ts';
import { coatPath } from './coat.ts';
import type { Part } from './figure.ts';
import { type Colour, element, path } from './paint.ts';

/** Gives every clip path and gradient of one drawing its own name. */
export interface Drawing {
  readonly random: Random;
  /** `<defs>` content. */
  readonly definitions: string[];
  name(): string;
}

export function drawing(random: Random): Drawing {
  const definitions: string[] = [];
  let count = 0;
  return { random, definitions, name: () => `d${count++}` };
}

export interface Silhouette {
  readonly parts: readonly Part[];
  readonly texture: Texture;
  readonly hair: number;
  readonly fill: Colour;
  readonly ink: Colour;
  readonly line: number;
  /** Painted over the fill and cut off at the silhouette. */
  readonly inside?: string;
}

/**
 * Parts as one shape: all of them with a thick line first, then all without, so that lines remain at the outer edge only.
 */
export function silhouette(canvas: Drawing, given: Silhouette): string {
  const shapes = given.parts.map(({ outline, hair }) =>
    coatPath(outline, given.texture, given.hair * hair, canvas.random),
  );
  const all = shapes.join('');
  const edge = path(all, {
    fill: given.ink,
    stroke: given.ink,
    'stroke-width': given.line * 2,
    'stroke-linejoin': 'round',
  });
  const body = shapes.map((d) => path(d, { fill: given.fill })).join('');
  if (!given.inside) return edge + body;
  const clip = canvas.name();
  canvas.definitions.push(element('clipPath', { id: clip }, ...shapes.map((d) => path(d, {}))));
  return edge + body + element('g', { 'clip-path': `url(#${clip})` }, given.inside);
}
