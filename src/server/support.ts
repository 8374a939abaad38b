import type { Support } from '../services/operation.ts';
import { AwsFault } from '../wire/index.ts';

/**
 * A member that is not supported is refused by name instead of being ignored.
 * @throws AwsFault 501 NotImplemented.
 */
export function refuseUnsupported(
  input: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Support>>,
  operation: string,
): void {
  for (const [member, value] of Object.entries(input)) {
    const support = fields[member];
    if (value === undefined || support === undefined || support === 'real' || support === 'stored') continue;
    if (support !== 'refused' && support.includes(value as string | number | boolean)) continue;
    const known =
      support === 'refused' ? 'leave it out' : `use ${support.map((item) => JSON.stringify(item)).join(' or ')}`;
    throw new AwsFault({
      code: 'NotImplemented',
      status: 501,
      message: `${member} of ${operation} is not supported by Whippet${shown(value)}: ${known}.`,
    });
  }
}

/** Short values are quoted, unless they are secret. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z0-9:_-]{1,40}$/.test(value) ? ` (received "${value}")` : '';
}
