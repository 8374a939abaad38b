import type { Shape, ShapeType } from '../constraints/constraints.ts';
import type { AwsFault } from '../fault.ts';

/** Members by the model's names, list items by their place from 1: `['Tags', 1, 'Key']`. Empty: the input itself. */
export type Path = readonly (string | number)[];

export type Rule =
  | { readonly rule: 'required' }
  | { readonly rule: 'min' | 'max'; readonly limit: number }
  | { readonly rule: 'pattern'; readonly pattern: string }
  | { readonly rule: 'enum'; readonly values: readonly string[] };

/** One constraint of the model that a value fails. */
export interface Violation {
  readonly path: Path;
  /** Undefined where a required member is missing. */
  readonly value: unknown;
  /** Of the value: says whether `min` is a length or a number. */
  readonly shape: Shape;
  readonly broken: Rule;
  /** The value stands in a list or a map, not in a structure: AWS then names the whole. */
  readonly part?: Part;
}

export interface Part {
  readonly of: 'item' | 'key' | 'value';
  readonly whole: unknown;
}

/** A value that is not what the model calls it, so that no constraint can be looked at. */
export interface Mismatch {
  readonly path: Path;
  readonly value: unknown;
  readonly expected: ShapeType;
}

/** How one service complains in one protocol. */
export interface Wording {
  violated(violations: readonly Violation[], operation: string): AwsFault;
  mistyped(mismatch: Mismatch): AwsFault;
  /** False for what the service leaves open, or answers itself later. Without it, everything in the model is held against the input. */
  readonly enforces?: (violation: Violation) => boolean;
}
