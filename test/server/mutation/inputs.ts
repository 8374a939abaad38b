/** Inputs that the models admit, with names in them that mean something to the server under test. */
import type { Random } from '../../../src/random/index.ts';
import type { Constraints, ServiceName } from '../../../src/wire/index.ts';

export type Value =
  | null
  | string
  | number
  | boolean
  | Date
  | Uint8Array
  | readonly Value[]
  | { readonly [name: string]: Value };

export interface Sources {
  readonly service: ServiceName;
  readonly constraints: Constraints;
  readonly random: Random;
  /** What a member is likely to hold: names of things that exist, documents that parse. */
  readonly known: Readonly<Record<string, readonly string[]>>;
  /** How often a member that may be left out is there. */
  readonly chanceOf: (member: string) => number;
}

const deepest = 5;

export function inputOf(operation: string, sources: Sources): { readonly [name: string]: Value } {
  const shape = sources.constraints.operations[operation]?.input;
  if (shape === undefined) return {};
  return structure(shape, sources, 0);
}

function structure(shapeName: string, sources: Sources, depth: number): { readonly [name: string]: Value } {
  const { constraints, random } = sources;
  const { members = {}, required = [] } = constraints.shapes[shapeName] ?? {};
  const value: Record<string, Value> = {};
  for (const [member, shape] of Object.entries(members)) {
    const chance = depth > deepest ? 0 : sources.chanceOf(member);
    if (required.includes(member) || random.next() < chance) value[member] = madeOf(shape, { sources, member, depth });
  }
  return value;
}

function madeOf(shapeName: string, place: { sources: Sources; member: string; depth: number }): Value {
  const { sources, member, depth } = place;
  const { random, constraints } = sources;
  const { type, min = 0, max = 1000, enum: choices, ...shape } = constraints.shapes[shapeName] ?? { type: 'string' };
  const inner = (name: string | undefined): Value => madeOf(name ?? '', { ...place, depth: depth + 1 });
  switch (type) {
    case 'structure':
      return structure(shapeName, sources, depth + 1);
    case 'list':
      return Array.from({ length: Math.max(min, 1) + random.integer(2) }, () => inner(shape.member));
    case 'map':
      return Object.fromEntries(
        Array.from({ length: 1 + random.integer(2) }, () => [inner(shape.key), inner(shape.value)]),
      );
    case 'boolean':
      return random.next() < 0.5;
    case 'blob':
      return Buffer.from(pick(['', 'bytes', 'more bytes of an object'], random));
    case 'timestamp':
      return new Date(Date.now() - (member === 'StartTime' ? 7_200_000 : random.integer(3_600_000)));
    case 'string':
      return pick(choices ?? sources.known[member] ?? [plain(random, { min, max })], random);
    default:
      return numberOf(member, { min, max, sources });
  }
}

function numberOf(
  member: string,
  { min, max, sources: { random } }: { min: number; max: number; sources: Sources },
): number {
  // Times of CloudWatch Logs are plain numbers.
  if (/^(timestamp|startTime|endTime)$/.test(member))
    return Date.now() - (member === 'startTime' ? 7_200_000 : random.integer(3_600_000));
  if (member === 'Period') return 60 * (1 + random.integer(3));
  if (member === 'PartNumber') return 1 + random.integer(2);
  if (member === 'retentionInDays') return 7;
  return min + random.integer(Math.min(max - min, 1000) + 1);
}

function plain(random: Random, { min, max }: { min: number; max: number }): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-';
  const length = Math.min(Math.max(min, 1) + random.integer(12), Math.max(max, 1));
  return Array.from({ length }, () => letters[random.integer(letters.length - 1)]).join('');
}

export function pick<T>(values: readonly T[], random: Random): T {
  return values[random.integer(values.length)] as T;
}
