import type { Constraints, Shape } from '../../constraints/constraints.ts';

export function shapeOf(name: string, { shapes }: Constraints): Shape {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`No shape ${name}`);
  return shape;
}

/** Of some strings of legal length those that the pattern admits. */
export function textsFor({ min = 0, max = 40, pattern }: Shape): string[] {
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
