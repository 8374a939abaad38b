import type { Random } from '../../../random/index.ts';
import type { Texture } from './breed.ts';
import { coatPath } from './coat.ts';
import type { Part } from './figure.ts';
import { type Outline, signedArea } from './geometry.ts';
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

/** Parts as one shape: lines first and the fill over them, so that lines remain at the outer edge only. */
export function silhouette(canvas: Drawing, given: Silhouette): string {
  // All in one sense: where outlines of opposite sense overlap, the nonzero rule would punch a hole.
  const d = given.parts
    .map(({ outline, hair }) => coatPath(clockwise(outline), given.texture, given.hair * hair, canvas.random))
    .join('');
  const shape = path(d, {
    fill: given.fill,
    stroke: given.ink,
    'stroke-width': given.line * 2,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke',
  });
  if (!given.inside) return shape;
  const clip = canvas.name();
  canvas.definitions.push(element('clipPath', { id: clip }, path(d, {})));
  return shape + element('g', { 'clip-path': `url(#${clip})` }, given.inside);
}

function clockwise(outline: Outline): Outline {
  return signedArea(outline) > 0 ? outline : outline.toReversed();
}
