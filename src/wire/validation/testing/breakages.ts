import type { Constraints } from '../../constraints/constraints.ts';
import type { Path, Rule } from '../violation.ts';
import { misfit, shapeOf } from './texts.ts';

/** One constraint, and how an admitted input can be made to break that one. */
export interface Breakage {
  readonly path: Path;
  readonly rule: Rule['rule'];
  /** The value in the place of the present one; undefined where the member is to go. */
  readonly value: unknown;
}

/** Everything that can be broken in an input that the shape admits. Keys of maps are left as they are. */
export function breakages(value: unknown, shapeName: string, constraints: Constraints, path: Path = []): Breakage[] {
  const shape = shapeOf(shapeName, constraints);
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = shape;
  const inside = (content: unknown, name: string, step: string | number) =>
    breakages(content, name, constraints, [...path, step]);
  switch (shape.type) {
    case 'structure':
      return Object.entries(value as object).flatMap(([name, content]): Breakage[] => [
        ...(shape.required?.includes(name) ? [broken([...path, name], 'required', undefined)] : []),
        ...inside(content, shape.members?.[name] as string, name),
      ]);
    case 'list': {
      const items = value as readonly unknown[];
      return [
        ...(items.length > 0 && max <= 20_000 ? [broken(path, 'max', Array(max + 1).fill(items[0]))] : []),
        ...(min > 0 ? [broken(path, 'min', items.slice(0, min - 1))] : []),
        ...items.flatMap((item, index) => inside(item, shape.member as string, index + 1)),
      ];
    }
    case 'map':
      return [
        ...(min > 0 ? [broken(path, 'min', {})] : []),
        ...Object.entries(value as object).flatMap(([key, content]) => inside(content, shape.value as string, key)),
      ];
    case 'string': {
      const wrong = pattern === undefined ? undefined : misfit((value as string).length, pattern);
      return [
        ...(max <= 200_000 ? [broken(path, 'max', 'a'.repeat(max + 1))] : []),
        ...(min > 0 ? [broken(path, 'min', 'a'.repeat(min - 1))] : []),
        ...(wrong === undefined ? [] : [broken(path, 'pattern', wrong)]),
        ...(shape.enum ? [broken(path, 'enum', 'none of these')] : []),
      ];
    }
    case 'integer':
    case 'long':
      return [
        ...(shape.max === undefined ? [] : [broken(path, 'max', max + 1)]),
        ...(shape.min === undefined ? [] : [broken(path, 'min', min - 1)]),
      ];
    default:
      return [];
  }
}

function broken(path: Path, rule: Rule['rule'], value: unknown): Breakage {
  return { path, rule, value };
}

/** A copy of the input with that one breakage in it. */
export function withBreakage<T>(input: T, { path, value }: Breakage): T {
  const copy = structuredClone(input);
  let holder = copy as Record<string | number, unknown>;
  const steps = path.map((step) => (typeof step === 'number' ? step - 1 : step));
  for (const step of steps.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  const last = steps.at(-1) as string | number;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}
