import { invalidToken } from './errors.ts';

/** Where a listing goes on: the sort key of the last item shown. */
export type ListKey = readonly (string | number)[];

export function formatListToken(key: ListKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws AwsFault InvalidParameterException for what is no token of a listing with such keys. */
export function parseListToken(token: string, kinds: readonly ('string' | 'number')[]): ListKey {
  const key = parse(token);
  if (key.length === kinds.length && kinds.every((kind, index) => typeof key[index] === kind)) return key as ListKey;
  throw invalidToken();
}

function parse(token: string): readonly unknown[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return Array.isArray(key) ? key : [];
  } catch {
    return [];
  }
}
