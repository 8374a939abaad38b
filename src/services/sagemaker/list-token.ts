import { validation } from './errors.ts';

/** Where a listing goes on: what it is sorted by, and the id, of the last item shown. */
export interface ListPosition {
  readonly order: string;
  readonly value: string | number;
  readonly id: number;
}

export function formatListToken({ order, value, id }: ListPosition): string {
  return Buffer.from(JSON.stringify([order, value, id])).toString('base64url');
}

/** @throws AwsFault ValidationException for what is no token of a listing in this order. */
export function parseListToken(token: string, order: string): ListPosition {
  const parts = parse(token);
  const [given, value, id] = parts;
  const isValue = typeof value === 'string' || typeof value === 'number';
  if (parts.length === 3 && given === order && isValue && Number.isSafeInteger(id)) {
    return { order, value, id: id as number };
  }
  throw validation('The pagination token is invalid.');
}

function parse(token: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
