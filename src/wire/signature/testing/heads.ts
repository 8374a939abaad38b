import type { RequestHead } from '../../message.ts';

/** A head as the listener makes it from what arrived. */
export function headOf({
  method = 'GET',
  target = '/',
  headers = [],
  bucket,
}: {
  method?: string;
  /** Path and query. */
  target?: string;
  headers?: readonly (readonly [string, string])[];
  bucket?: string;
}): RequestHead {
  const at = target.indexOf('?');
  const folded = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const before = folded.get(key);
    folded.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return {
    method,
    rawPath: at < 0 ? target : target.slice(0, at),
    rawQuery: at < 0 ? '' : target.slice(at + 1),
    rawHeaders: headers,
    headers: folded,
    ...(bucket !== undefined && { bucket }),
  };
}
