import type { Constraints } from '../constraints/constraints.ts';
import { inspect } from './inspect.ts';
import { settle } from './settle.ts';
import type { Wording } from './violation.ts';

export interface ValidationOptions {
  /** In AWS's name: `CreateRole`. */
  readonly operation: string;
  readonly constraints: Constraints;
  readonly wording: Wording;
}

/**
 * Holds the native input of an operation (Date, Uint8Array, numbers, plain objects and arrays) against the model's constraints. All
 * violations are found, and named in one fault in the service's own wording. Members that the model does not know are left alone, as
 * AWS leaves them; so is a streamed body.
 * @returns the input as AWS reads it: decimals truncated where integers are asked for, no nulls in lists and maps.
 * @throws AwsFault
 */
export function validate<T extends Readonly<Record<string, unknown>>>(input: T, options: ValidationOptions): T {
  const { operation, constraints, wording } = options;
  const shape = constraints.operations[operation]?.input;
  const settled = shape === undefined ? input : settle(input, shape, constraints);
  const { enforces } = wording;
  const { mismatch, violations } = inspect(settled, { operation, constraints, ...(enforces && { enforces }) });
  if (mismatch) throw wording.mistyped(mismatch);
  if (violations.length > 0) throw wording.violated(violations, operation);
  return settled;
}
