import type { Ears } from './breed.ts';
import { at, type Outline } from './geometry.ts';

/** Outlines in skull radii about the centre of the skull. `inner` is what one sees into; hanging ears lie in front of the head. */
export interface Ear {
  readonly outer: Outline;
  readonly inner?: Outline;
  readonly inFront: boolean;
}

function shape(...coordinates: readonly (readonly [x: number, y: number])[]): Outline {
  return coordinates.map(([x, y]) => at(x, y));
}

/** The ear on the right of a head seen from the front. */
export const frontalEars: Readonly<Record<Ears, Ear>> = {
  prick: {
    outer: shape([0.3, -0.8], [0.48, -1.3], [0.78, -1.62], [0.96, -1.15], [0.92, -0.5]),
    inner: shape([0.48, -0.88], [0.58, -1.22], [0.76, -1.42], [0.84, -1.1], [0.8, -0.68]),
    inFront: false,
  },
  bat: {
    outer: shape([0.32, -0.78], [0.55, -1.45], [0.98, -1.82], [1.24, -1.35], [1.0, -0.42]),
    inner: shape([0.52, -0.85], [0.68, -1.35], [0.98, -1.62], [1.1, -1.25], [0.9, -0.62]),
    inFront: false,
  },
  drop: {
    outer: shape([0.55, -0.86], [0.95, -0.78], [1.2, -0.25], [1.16, 0.32], [0.92, 0.46], [0.78, 0.05], [0.68, -0.42]),
    inFront: true,
  },
  long: {
    outer: shape(
      [0.62, -0.72],
      [1.0, -0.6],
      [1.26, 0.1],
      [1.3, 0.85],
      [1.02, 1.28],
      [0.76, 0.95],
      [0.8, 0.2],
      [0.72, -0.3],
    ),
    inFront: true,
  },
  button: {
    outer: shape([0.34, -0.86], [0.62, -1.14], [1.02, -0.98], [1.14, -0.5], [0.96, -0.32], [0.78, -0.62]),
    inFront: true,
  },
  rose: {
    outer: shape([0.55, -0.78], [0.92, -0.95], [1.36, -0.8], [1.42, -0.52], [1.08, -0.46], [0.8, -0.36]),
    inner: shape([0.92, -0.74], [1.2, -0.74], [1.3, -0.6], [1.08, -0.56]),
    inFront: false,
  },
  semi: {
    outer: shape([0.34, -0.8], [0.48, -1.25], [0.68, -1.48], [0.98, -1.3], [1.1, -0.92], [0.94, -1.02], [0.9, -0.48]),
    inner: shape([0.5, -0.86], [0.6, -1.12], [0.74, -1.16], [0.8, -0.7]),
    inFront: false,
  },
};

/** The near ear of a head seen from the side, looking to the right. */
export const profileEars: Readonly<Record<Ears, Ear>> = {
  prick: {
    outer: shape([-0.6, -0.55], [-0.52, -1.1], [-0.26, -1.6], [0.04, -1.15], [0.14, -0.66]),
    inner: shape([-0.3, -0.72], [-0.28, -1.08], [-0.2, -1.38], [-0.02, -1.05], [0.02, -0.74]),
    inFront: true,
  },
  bat: {
    outer: shape([-0.66, -0.5], [-0.68, -1.15], [-0.42, -1.78], [-0.02, -1.5], [0.12, -0.66]),
    inner: shape([-0.36, -0.7], [-0.42, -1.15], [-0.34, -1.54], [-0.12, -1.3], [-0.04, -0.74]),
    inFront: true,
  },
  drop: {
    outer: shape([-0.52, -0.68], [-0.12, -0.74], [0.1, -0.3], [0.06, 0.28], [-0.22, 0.52], [-0.5, 0.22], [-0.6, -0.25]),
    inFront: true,
  },
  long: {
    outer: shape([-0.5, -0.5], [-0.1, -0.56], [0.1, 0.08], [0.1, 0.8], [-0.2, 1.3], [-0.54, 1.02], [-0.6, 0.25]),
    inFront: true,
  },
  button: {
    outer: shape([-0.5, -0.7], [-0.28, -1.12], [0.16, -1.02], [0.42, -0.52], [0.24, -0.4], [-0.1, -0.6]),
    inFront: true,
  },
  rose: {
    outer: shape([-0.12, -0.68], [-0.5, -0.94], [-0.98, -0.86], [-1.2, -0.6], [-0.86, -0.46], [-0.42, -0.4]),
    inner: shape([-0.5, -0.74], [-0.86, -0.74], [-1.02, -0.62], [-0.72, -0.56]),
    inFront: true,
  },
  semi: {
    outer: shape(
      [-0.58, -0.55],
      [-0.5, -1.1],
      [-0.26, -1.46],
      [0.08, -1.34],
      [0.3, -0.98],
      [0.1, -1.06],
      [0.12, -0.66],
    ),
    inner: shape([-0.34, -0.72], [-0.3, -1.02], [-0.16, -1.16], [-0.02, -0.74]),
    inFront: true,
  },
};
