import type { Colour } from './paint.ts';

export type Ears = 'prick' | 'bat' | 'drop' | 'long' | 'button' | 'rose' | 'semi';
export type Tail = 'upright' | 'curl' | 'plume' | 'sabre' | 'whip' | 'stub' | 'pom' | 'feather' | 'otter';
/** What the outline of the coat looks like. */
export type Texture = 'smooth' | 'wiry' | 'long' | 'fluffy' | 'curly';
/** Where the second colour goes. */
export type Marking = 'solid' | 'saddle' | 'ticked' | 'merle' | 'brindle' | 'points' | 'irish' | 'pale' | 'mask';

export interface Coat {
  readonly base: Colour;
  readonly second: Colour;
  readonly marking: Marking;
}

/** Lengths of the body are in units of the figure: a dog of average build is 100 long and has a skull of radius 27. */
export interface Build {
  /** Height in the picture against that of an average dog. */
  readonly stature: number;
  readonly length: number;
  readonly depth: number;
  /** Clearance between ground and chest. */
  readonly legs: number;
  /** Half the thickness of a foreleg. */
  readonly bone: number;
  /** How far the belly rises towards the loins, as a share of the depth. */
  readonly tuck: number;
  readonly neck: number;
  readonly skull: number;
  /** In skull radii. */
  readonly muzzle: { readonly length: number; readonly depth: number };
}

export interface Breed {
  readonly name: string;
  readonly build: Build;
  readonly ears: Ears;
  readonly tail: Tail;
  readonly texture: Texture;
  /** Length of the hair in units of the figure. */
  readonly hair: number;
  readonly features: readonly ('beard' | 'topknot' | 'ruff' | 'jowls' | 'blaze')[];
  readonly eyes: Colour;
  /** The first is the most frequent one. Breeds share colours on purpose: colour alone does not tell them apart. */
  readonly coats: readonly Coat[];
}
