import type { Outline, Point } from './geometry.ts';

/** One part of the body; `hair` is its share of the breed's hair length. */
export interface Part {
  readonly outline: Outline;
  readonly hair: number;
}

/** A dog without its head in one pose, facing right, with the ground at y = 0. */
export interface Figure {
  /** Drawn behind everything else. */
  readonly tail: readonly Part[];
  /** Far legs, drawn first and in shade. */
  readonly far: readonly Part[];
  readonly near: readonly Part[];
  /** Lines within the silhouette: thigh, elbow, toes. */
  readonly creases: readonly (readonly Point[])[];
  /** From the root of the tail to the withers: what markings follow. */
  readonly spine: readonly Point[];
  /** Depth of the trunk, for markings. */
  readonly depth: number;
  readonly paws: readonly Point[];
  readonly breast: Point;
  /** From one side of the neck to the other. */
  readonly collar: readonly [Point, Point];
  /** The centre of the skull. */
  readonly head: Point;
  /** Heads are seen from the side or from the front. */
  readonly frontal: boolean;
}
