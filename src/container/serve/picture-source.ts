import type { IncomingHttpHeaders } from 'node:http';
import { isWhippetError, userError } from '../../errors/index.ts';

export type BodyKind = 'bytes' | 'json';

/** Names of the types under which callers send the bytes of a picture; `application/x-image` is what SageMaker's own image algorithms take. */
const byteTypes = new Set(['application/octet-stream', 'application/x-image', 'binary/octet-stream']);

/**
 * How the body is to be read. Without a Content-Type it is taken as bytes (RFC 9110 §8.3).
 * @throws WHIPPET_SERVE_MEDIA_TYPE, WHIPPET_SERVE_CODING
 */
export function bodyKind(headers: IncomingHttpHeaders): BodyKind {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity') {
    throw userError('WHIPPET_SERVE_CODING', { coding: coding.slice(0, 40) });
  }
  const given = headers['content-type'] ?? 'application/octet-stream';
  const [type = '', ...parameters] = given.split(';').map((part) => part.trim().toLowerCase());
  if (type.startsWith('image/') || byteTypes.has(type)) return 'bytes';
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (type === 'application/json' && isUtf8) return 'json';
  throw userError('WHIPPET_SERVE_MEDIA_TYPE', { type: given.slice(0, 100) });
}

/** Where a JSON body has its picture: in itself, or behind an address. */
export type JsonPicture = { readonly bytes: Buffer } | { readonly url: string };

const fields = ['url', 'image', 'content'] as const;

/**
 * Reads `{"url": …}`, `{"image": base64}` or `{"content": base64}`. Other fields are ignored.
 * @throws WHIPPET_SERVE_JSON
 */
export function parseJsonPicture(body: Buffer): JsonPicture {
  const parsed = parseObject(body);
  const given = fields.filter((field) => parsed[field] !== undefined && parsed[field] !== null);
  const [field] = given;
  if (field === undefined || given.length > 1) {
    const found = given.length > 1 ? `it has ${given.join(' and ')}` : `it has none of ${fields.join(', ')}`;
    throw userError('WHIPPET_SERVE_JSON', { reason: found });
  }
  const text = parsed[field];
  if (typeof text !== 'string') throw userError('WHIPPET_SERVE_JSON', { reason: `"${field}" is not a text` });
  return field === 'url' ? { url: text.trim() } : { bytes: decodeBase64(text, field) };
}

function parseObject(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
    throw userError('WHIPPET_SERVE_JSON', { reason: 'it is not an object' });
  } catch (error) {
    if (isWhippetError(error)) throw error;
    // The parser's message quotes the body, which may be private: only its place is passed on.
    const place = /position \d+/.exec((error as Error).message)?.[0];
    const reason = error instanceof SyntaxError ? `it does not parse${place ? ` at ${place}` : ''}` : 'it is not UTF-8';
    throw userError('WHIPPET_SERVE_JSON', { reason }, error);
  }
}

/** Standard or URL-safe alphabet, with or without padding, line breaks and a `data:` prefix. */
function decodeBase64(text: string, field: string): Buffer {
  const prefix = /^\s*data:[^,]{0,200};base64,/i.exec(text)?.[0] ?? '';
  const digits = text
    .slice(prefix.length)
    .replace(/\s+/g, '')
    .replace(/={1,2}$/, '');
  const bytes = Buffer.from(digits, 'base64');
  // Node skips what is not base64, so anything strange makes the result shorter than it should be.
  if (digits === '' || digits.length % 4 === 1 || bytes.length !== Math.floor((digits.length * 3) / 4)) {
    throw userError('WHIPPET_SERVE_JSON', { reason: `"${field}" is ${digits === '' ? 'empty' : 'not base64'}` });
  }
  return bytes;
}
