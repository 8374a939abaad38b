import type { RequestHead } from '../message.ts';

/**
 * What a signer hashes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. Texts have one
 * character per byte, as node:http reads a request's head; whatever is hashed is written as latin1, so that the bytes are those received.
 */
export function canonicalRequest(
  head: RequestHead,
  { signedHeaders, payload, path }: { signedHeaders: readonly string[]; payload: string; path: string },
): string {
  const headers = canonicalHeaders(head.rawHeaders, signedHeaders);
  return [head.method, path, canonicalQuery(head.rawQuery), headers, signedHeaders.join(';'), payload].join('\n');
}

/** S3 takes a path as it is: encoded once, '//' and '..' kept. An escaped slash stays one, as clients sign what they send. */
export function s3Path(rawPath: string): string {
  if (/^[\w\-.~/]*$/.test(rawPath)) return rawPath || '/';
  return rawPath
    .split('/')
    .map((segment) => segment.split(/%2f/i).map(recode).join('%2F'))
    .join('/');
}

/** The other services resolve '.' and '..', merge slashes and encode once more what was encoded already. */
export function normalisedPath(rawPath: string): string {
  const segments: string[] = [];
  for (const segment of rawPath.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(encode(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && rawPath.endsWith('/') ? '/' : ''}`;
}

/** Decoded, encoded AWS's way, sorted by name and value. A '+' is a space. The signature itself is left out. */
export function canonicalQuery(rawQuery: string): string {
  if (rawQuery === '') return '';
  const pairs: (readonly [string, string])[] = [];
  for (const part of rawQuery.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = recode((at < 0 ? part : part.slice(0, at)).replaceAll('+', ' '));
    if (name === 'X-Amz-Signature') continue;
    pairs.push([name, at < 0 ? '' : recode(part.slice(at + 1).replaceAll('+', ' '))]);
  }
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** Exactly the headers that were signed, in the order claimed; each line ends with a newline. One that is absent counts as empty. */
function canonicalHeaders(rawHeaders: RequestHead['rawHeaders'], signedHeaders: readonly string[]): string {
  const values = new Map<string, string[]>();
  for (const [name, value] of rawHeaders) {
    const key = name.toLowerCase();
    const folded = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '').replace(/[ \t\r\n]+/g, ' ');
    const others = values.get(key);
    if (others) others.push(folded);
    else values.set(key, [folded]);
  }
  return signedHeaders.map((name) => `${name}:${values.get(name)?.join(',') ?? ''}\n`).join('');
}

/** Encodes every byte but the unreserved ones (RFC 3986 §2.3). */
function encode(text: string): string {
  return text.replace(/[^\w\-.~]/g, (byte) => escapes[byte.charCodeAt(0) & 0xff] as string);
}

const escapes = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);

/** Whatever way it was escaped before. What is no valid escape stands for itself. */
function recode(text: string): string {
  if (/^[\w\-.~]*$/.test(text)) return text;
  return encode(unescapeBytes(text));
}

/** `%C3%A9` → two characters, one for each byte. */
export function unescapeBytes(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
