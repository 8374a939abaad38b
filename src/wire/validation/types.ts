import { types } from 'node:util';
import type { ShapeType } from '../constraints/constraints.ts';

/** Java's Integer. */
const largestInteger = 2 ** 31 - 1;

/** Whether a native value is what the model calls it. */
export function isOfType(value: unknown, type: ShapeType): boolean {
  switch (type) {
    case 'structure':
    case 'map':
      return isRecord(value);
    case 'list':
      return Array.isArray(value);
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'timestamp':
      return types.isDate(value) && !Number.isNaN(value.getTime());
    case 'blob':
      return types.isUint8Array(value);
    case 'integer':
      return Number.isInteger(value) && Math.abs(value as number) <= largestInteger;
    case 'long':
      // JSON's numbers are doubles here: beyond 2^53 the value is no longer the one that was sent.
      return Number.isSafeInteger(value);
    case 'float':
    case 'double':
      // NaN and the infinities are numbers here: CloudWatch refuses them in words of its own.
      return typeof value === 'number';
  }
}

/** A plain object. With another prototype, set by a member named `__proto__`, it would have members that nobody has looked at. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
