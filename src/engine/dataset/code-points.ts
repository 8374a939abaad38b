/** Order by Unicode code points (that of UTF-8 bytes), the same on every machine; `<` compares UTF-16 units and locales differ. */
export function byCodePoint(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
