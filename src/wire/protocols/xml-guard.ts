/** Bytes below which nothing takes long. */
const shortest = 4096;

/**
 * A document for the SDK's reader, whose weak points are kept from it: it walks through the text of a root without elements and attributes
 * one character after another (2.5 s a megabyte), and takes references beyond U+FFFF for half of what they say, which in DeleteObjects
 * is another key.
 * @throws Error for references to what is no character, and for a long document that does not begin as one.
 */
export function guardedXml(body: Uint8Array): Uint8Array {
  if (body.length <= shortest && !body.includes(ampersand)) return body;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const shielded = body.length > shortest ? withAttribute(text) : text;
  return Buffer.from(shielded.replace(/&#(x[0-9a-f]{1,6}|\d{1,7});/gi, character));
}

const ampersand = 0x26;

/** An attribute that no model knows makes the root an object, whatever is in it. */
function withAttribute(text: string): string {
  const at = rootOf(text);
  rootName.lastIndex = at;
  if (!rootName.test(text)) throw new Error('no root element');
  const end = rootName.lastIndex;
  return `${text.slice(0, end)} guarded=""${text.slice(end)}`;
}

const rootName = /<[^\s<>/!?]+/y;
const blank = /\s*/y;

/** Behind blanks, the declaration and comments. S3 takes no DOCTYPE. */
function rootOf(text: string): number {
  for (let at = 0; ; ) {
    blank.lastIndex = at;
    blank.test(text);
    const start = blank.lastIndex;
    const end = text.startsWith('<?', start) ? '?>' : text.startsWith('<!--', start) ? '-->' : undefined;
    if (end === undefined) return start;
    const found = text.indexOf(end, start);
    if (found < 0) throw new Error(`no ${end}`);
    at = found + end.length;
  }
}

/** Only what is beyond ASCII is written out: the rest may be markup. */
function character(whole: string, number: string): string {
  const point = /^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number(number);
  if (point < 0x80) return whole;
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) throw new Error('no character');
  return String.fromCodePoint(point);
}
