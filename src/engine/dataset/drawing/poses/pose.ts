import type { Random } from '../../../../random/index.ts';
import type { Breed } from '../breed.ts';
import { happens } from '../chance.ts';
import type { Figure } from '../figure.ts';
import { lying } from './lying.ts';
import { sittingFrontally, sittingSideways } from './sitting.ts';
import { standing } from './standing.ts';

export type BodyPose = 'standing' | 'sitting' | 'lying';

export function figureOf(breed: Breed, pose: BodyPose, random: Random): Figure {
  if (pose === 'standing') return standing(breed, random);
  if (pose === 'lying') return lying(breed, random);
  return happens(random, 0.5) ? sittingFrontally(breed, random) : sittingSideways(breed, random);
}
