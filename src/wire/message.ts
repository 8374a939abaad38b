import type { Writable } from 'node:stream';
import type { RequestBody } from './signature/body.ts';

/** The head of a request, read once. Bytes are as received; decoding is the protocols' affair, since signatures cover what was sent. */
export interface RequestHead {
  readonly method: string;
  /** Undecoded, without the query. */
  readonly rawPath: string;
  /** Undecoded, without '?'. */
  readonly rawQuery: string;
  /** Name and value pairs in the order received, names as sent. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  /** By lower-case name; the values of a repeated header joined by ', '. */
  readonly headers: ReadonlyMap<string, string>;
  /** The bucket that a virtual-hosted request names in its Host header. */
  readonly bucket?: string;
}

/** A request whose body can be read: as a whole by most operations, as a stream by those that take an object. */
export interface WireRequest extends RequestHead {
  /** @throws AwsFault when the body is larger than `limit` bytes. */
  buffer(limit: number): Promise<Uint8Array>;
  stream(): RequestBody;
}

/** A body that knows a faster way to a connection than chunk by chunk. */
export interface SendableBody extends AsyncIterable<Uint8Array> {
  /** Writes all bytes to `target` and ends it. @throws when it cannot; the target is left as it is then. */
  sendTo(target: Writable): Promise<void>;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | AsyncIterable<Uint8Array> | SendableBody;
}

/** Decoded query parameters in the order received. A parameter without '=' has the value ''. Bytes that are no UTF-8 stay escaped. */
export function parseQuery(rawQuery: string): readonly (readonly [string, string])[] {
  if (rawQuery === '') return [];
  return rawQuery.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}

function decode(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

/** `%41` → `A`. What is no valid escape is left as it was sent. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
