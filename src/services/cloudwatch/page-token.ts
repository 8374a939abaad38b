/** Where a listing goes on, as text. */
export type PagePosition = readonly (string | number)[];

export function formatToken(position: PagePosition): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @returns undefined for what formatToken did not make of such values. */
export function parseToken(token: string, kinds: readonly ('string' | 'number')[]): PagePosition | undefined {
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(position) || position.length !== kinds.length) return undefined;
  return kinds.every((kind, index) => typeof position[index] === kind) ? position : undefined;
}
