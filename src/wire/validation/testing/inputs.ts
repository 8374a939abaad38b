import fc from 'fast-check';
import type { Constraints, Shape } from '../../constraints/constraints.ts';

/** Any value that the shape admits. Made from the table alone, so that it shares no mistake with what it tests. */
export function admitted(shapeName: string, constraints: Constraints): fc.Arbitrary<unknown> {
  const shape = shapeOf(shapeName, constraints);
  switch (shape.type) {
    case 'structure':
      return fc.record(
        Object.fromEntries(
          Object.entries(shape.members ?? {}).map(([name, member]) => [name, admitted(member, constraints)]),
        ),
        { requiredKeys: [...(shape.required ?? [])] },
      );
    case 'list': {
      const minLength = shape.min ?? 0;
      return fc.array(admitted(shape.member as string, constraints), { minLength, maxLength: minLength + 3 });
    }
    case 'map': {
      const minKeys = shape.min ?? 0;
      const key = admitted(shape.key as string, constraints) as fc.Arbitrary<string>;
      return fc.dictionary(key, admitted(shape.value as string, constraints), { minKeys, maxKeys: shape.max ?? 5 });
    }
    case 'string':
      return fc.constantFrom(...(shape.enum ?? textsFor(shape)));
    case 'integer':
    case 'long':
      return fc.integer({ min: shape.min ?? -5, max: shape.max ?? 1_000_000 });
    case 'float':
    case 'double':
      return fc.double();
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.date({ noInvalidDate: true });
    case 'blob':
      return fc.uint8Array({ maxLength: 8 });
  }
}

export function shapeOf(name: string, { shapes }: Constraints): Shape {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`No shape ${name}`);
  return shape;
}

/** Of some strings of legal length those that the pattern admits. */
function textsFor({ min = 0, max = 40, pattern }: Shape): string[] {
  const long = Math.min(max, min + 30);
  const repeated = ['a', 'b', '1', 'é', ' '].flatMap((unit) => [unit.repeat(Math.max(min, 1)), unit.repeat(long)]);
  const texts = ['', '/', '/a/', '/a/b/', 'v1', 'v12.a-b', 'a/b', 'aws', ...repeated];
  const legal = texts.filter((text) => text.length >= min && text.length <= max && fits(text, pattern));
  if (legal.length < 2) throw new Error(`No texts for ${pattern} between ${min} and ${max}`);
  return legal;
}

/** Of strings of the same length one that the pattern refuses. */
export function misfit(length: number, pattern: string): string | undefined {
  return [':', '\u0000', 'a', '*'].map((unit) => unit.repeat(Math.max(length, 1))).find((text) => !fits(text, pattern));
}

function fits(text: string, pattern: string | undefined): boolean {
  return pattern === undefined || new RegExp(`^(?:${pattern})$`, 'u').test(text);
}
