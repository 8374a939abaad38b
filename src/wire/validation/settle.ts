import type { Constraints, Shape } from '../constraints/constraints.ts';
import { isRecord } from './types.ts';

/**
 * The input as AWS reads it: nulls in lists and maps dropped, decimals truncated where the model says integer (Athena was seen to do
 * both in 2026). What needs no change is the same object.
 */
export function settle<T>(value: T, shapeName: string, constraints: Constraints): T {
  const shape = constraints.shapes[shapeName];
  if (shape === undefined) return value;
  return settled(value, shape, constraints) as T;
}

function settled(value: unknown, shape: Shape, constraints: Constraints): unknown {
  switch (shape.type) {
    case 'integer':
    case 'long':
      return typeof value === 'number' ? Math.trunc(value) : value;
    case 'list':
      return Array.isArray(value) ? settledItems(value, shape.member as string, constraints) : value;
    case 'map':
      return isRecord(value) ? settledEntries(value, () => shape.value, constraints) : value;
    case 'structure':
      return isRecord(value) ? settledEntries(value, (name) => ownMember(shape, name), constraints) : value;
    default:
      return value;
  }
}

function settledItems(items: readonly unknown[], member: string, constraints: Constraints): readonly unknown[] {
  const kept = items.filter(isPresent);
  const next = kept.map((item) => settle(item, member, constraints));
  return kept.length === items.length && next.every((item, index) => Object.is(item, items[index])) ? items : next;
}

/** Members without a shape, which the model does not know, stay as they are. */
function settledEntries(
  value: Readonly<Record<string, unknown>>,
  shapeOf: (name: string) => string | undefined,
  constraints: Constraints,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(value);
  const next = entries
    .filter(([, content]) => isPresent(content))
    .map(([name, content]): [string, unknown] => {
      const shapeName = shapeOf(name);
      return [name, shapeName === undefined ? content : settle(content, shapeName, constraints)];
    });
  const same = next.length === entries.length && next.every(([, content], at) => Object.is(content, entries[at]?.[1]));
  return same ? value : Object.fromEntries(next);
}

function ownMember({ members = {} }: Shape, name: string): string | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined;
}
