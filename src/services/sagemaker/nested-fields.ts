import type { Support } from '../operation.ts';
import { notServed } from './errors.ts';

/**
 * What becomes of members within members, by path: `ResourceConfig.InstanceGroups`, `InputDataConfig[].CompressionType`. A path that is not
 * named does what its parent does.
 */
export type NestedFields = Readonly<Record<string, Support>>;

/**
 * Nested members that are not supported are refused by name, as those at the top are.
 * @param operation For the message: `CreateTrainingJob`.
 * @throws AwsFault 501 NotImplemented.
 */
export function refuseNested(input: object, fields: NestedFields, operation: string): void {
  walk(input, { path: '', fields, operation });
}

interface Walk {
  readonly path: string;
  readonly fields: NestedFields;
  readonly operation: string;
}

function walk(value: unknown, { path, fields, operation }: Walk): void {
  refuse(value, { path, fields, operation });
  if (Array.isArray(value)) {
    for (const item of value) walk(item, { path: `${path}[]`, fields, operation });
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) walk(member, { path: path === '' ? name : `${path}.${name}`, fields, operation });
  }
}

function refuse(value: unknown, { path, fields, operation }: Walk): void {
  const support = Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (support === undefined || support === 'real' || support === 'stored') return;
  if (support !== 'refused' && support.includes(value as string)) return;
  const known =
    support === 'refused' ? 'leave it out' : `use ${support.map((item) => JSON.stringify(item)).join(' or ')}`;
  const shown = typeof value === 'object' ? '' : ` (received ${JSON.stringify(value)})`;
  throw notServed(`${path} of ${operation} is not supported by Whippet${shown}: ${known}.`);
}
