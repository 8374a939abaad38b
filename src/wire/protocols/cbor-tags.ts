const tag = 6;
const epochSeconds = 1;

/**
 * Whether a CBOR document holds tags other than that of timestamps: no AWS model has a member for them, and the SDK's reader takes time
 * that grows with the square of a bignum's length, and space with the exponent of a decimal fraction. One pass over the heads of all items,
 * nested ones included; what is cut short or malformed is left to the reader. https://www.rfc-editor.org/rfc/rfc8949.html#section-3
 */
export function hasOddTags(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const [major, info] = [(bytes[at] as number) >> 5, (bytes[at] as number) & 31];
    const size = info < 24 || info > 27 ? 0 : 1 << (info - 24);
    const value = size === 0 ? info : unsigned(bytes, at + 1, size);
    if (major === tag && value !== epochSeconds) return true;
    // Of strings, the content too, unless it comes in pieces with heads of their own.
    const content = (major === 2 || major === 3) && info !== 31 ? value : 0;
    at += 1 + size + content;
  }
  return false;
}

function unsigned(bytes: Uint8Array, start: number, size: number): number {
  let value = 0;
  for (let at = start; at < start + size; at++) value = value * 256 + (bytes[at] ?? 0);
  return value;
}
