import type { Coat } from './breed.ts';
import { blend, type Colour, darker, lighter, lightness } from './paint.ts';

/** What colour each part of a head has, as the coat's marking says. */
export interface FaceColours {
  readonly skull: Colour;
  readonly muzzle: Colour;
  readonly ears: Colour;
  /** Spots above the eyes and cheeks, where the marking has them. */
  readonly brows: Colour | undefined;
  readonly blaze: Colour;
  readonly ink: Colour;
}

/** Outlines: darker than the coat, and darker still than a black one. */
export function inkOf(colour: Colour): Colour {
  return darker(colour, lightness(colour) < 0.3 ? 0.72 : 0.58);
}

/** Lines within the coat: visible on light and on black dogs. */
export function creaseOf(colour: Colour): Colour {
  return lightness(colour) < 0.3 ? lighter(colour, 0.2) : darker(colour, 0.32);
}

export function faceColours({ base, second, marking }: Coat): FaceColours {
  const plain: FaceColours = {
    skull: base,
    muzzle: lighter(base, 0.14),
    ears: darker(base, 0.16),
    brows: undefined,
    blaze: second,
    ink: inkOf(base),
  };
  switch (marking) {
    case 'saddle':
      return { ...plain, muzzle: lighter(base, 0.25), ears: blend(base, second, 0.6) };
    case 'ticked':
      return { ...plain, skull: second, ears: darker(second, 0.18), muzzle: base, blaze: base, ink: inkOf(second) };
    case 'merle':
      return { ...plain, ears: blend(base, second, 0.75), muzzle: blend(base, '#d9b08c', 0.55) };
    case 'brindle':
      return { ...plain, muzzle: blend(base, second, 0.6), ears: blend(base, second, 0.4) };
    case 'points':
      return { ...plain, muzzle: second, ears: base, brows: second };
    case 'irish':
      return { ...plain, muzzle: second };
    case 'pale':
      return { ...plain, muzzle: second, brows: second };
    case 'mask':
      return { ...plain, muzzle: second, ears: blend(base, second, 0.75) };
    default:
      return plain;
  }
}
