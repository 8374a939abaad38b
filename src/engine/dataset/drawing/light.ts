import type { Random } from '../../../random/index.ts';
import { between, happens } from './chance.ts';
import { at } from './geometry.ts';
import { type Colour, element, gradient, rectangle } from './paint.ts';
import { side } from './scenes/scene.ts';
import type { Drawing } from './silhouette.ts';

export type Light = 'even' | 'warm' | 'cold' | 'dusk' | 'hazy';

export const lights: readonly Light[] = ['even', 'warm', 'cold', 'dusk', 'hazy'];

const tints: Readonly<Record<Light, { near: Colour; far: Colour; strength: number }>> = {
  even: { near: '#ffffff', far: '#30304a', strength: 0.08 },
  warm: { near: '#ffd694', far: '#a8553c', strength: 0.24 },
  cold: { near: '#cbe2f8', far: '#2f5288', strength: 0.26 },
  dusk: { near: '#7a6aa6', far: '#191838', strength: 0.38 },
  hazy: { near: '#f8f4ea', far: '#d5dadd', strength: 0.26 },
};

const whole = at(side, side);
const corner = at(0, 0);

/** The light over the finished drawing: bright on one side, shaded on the other. */
export function lightOver(canvas: Drawing, light: Light): string {
  const { random, definitions } = canvas;
  const { near, far, strength } = tints[light];
  const id = canvas.name();
  const fromLeft = happens(random, 0.5);
  const amount = strength * between(random, 0.7, 1.15);
  definitions.push(
    gradient(
      id,
      [
        { offset: 0, colour: fromLeft ? near : far, opacity: amount },
        { offset: 1, colour: fromLeft ? far : near, opacity: amount },
      ],
      at(1, between(random, 0.2, 1)),
    ),
  );
  return rectangle(corner, whole, { fill: `url(#${id})` });
}

/** Film grain. Costs more than the rest of a drawing, so that only some have it. */
export function grain(canvas: Drawing): string {
  const { random, definitions } = canvas;
  const id = canvas.name();
  const noise = element('feTurbulence', {
    type: 'fractalNoise',
    baseFrequency: between(random, 0.5, 0.9),
    numOctaves: 1,
    seed: random.integer(1000),
  });
  definitions.push(element('filter', { id, x: 0, y: 0, width: '100%', height: '100%' }, noise));
  return rectangle(corner, whole, { filter: `url(#${id})`, opacity: between(random, 0.06, 0.16) });
}

/** How hard the picture was compressed, 1–100. */
export function jpegQuality(random: Random): number {
  return Math.round(between(random, 62, 95));
}
