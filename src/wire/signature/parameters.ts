import { unescapeBytes } from './canonical.ts';

/** Every value of each parameter, decoded to one character per byte. */
export type QueryParameters = ReadonlyMap<string, readonly string[]>;

export function queryParameters(rawQuery: string): QueryParameters {
  const parameters = new Map<string, string[]>();
  if (rawQuery === '') return parameters;
  for (const part of rawQuery.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = decode(at < 0 ? part : part.slice(0, at));
    const value = at < 0 ? '' : decode(part.slice(at + 1));
    const others = parameters.get(name);
    if (others) others.push(value);
    else parameters.set(name, [value]);
  }
  return parameters;
}

function decode(text: string): string {
  return unescapeBytes(text.replaceAll('+', ' '));
}
