import { incompleteBody, malformedTrailer } from './body-faults.ts';
import type { DeframerOptions } from './chunked.ts';

const signatureName = 'x-amz-trailer-signature';

/**
 * Everything after the last chunk's line: `name:value` lines and an empty one. AWS's examples end the lines before the trailer's
 * signature with "\n\r\n", its SDKs with "\r\n"; both are read.
 * @throws AwsFault
 */
export function readTrailer(text: string, { trailers, declared, checks }: Omit<DeframerOptions, 'length'>): void {
  if (!/(^|\n)\r?\n$/.test(text)) throw incompleteBody();
  if (declared === undefined && text !== '\r\n') throw malformedTrailer();
  const lines = text.split(/\r?\n/);
  let signature: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line === '') {
      checkBlank(lines, index);
      continue;
    }
    const match = /^([!#$%&'*+.^_`|~\w-]{1,128}):(.*)$/.exec(line);
    const name = match?.[1]?.toLowerCase();
    if (name === undefined || trailers.has(name) || signature !== undefined) throw malformedTrailer();
    const value = match?.[2]?.trim() ?? '';
    if (name === signatureName) signature = value;
    else trailers.set(name, value);
  }
  if (declared === undefined) return;
  checkNames(trailers, declared);
  if (!checks) return;
  if (signature === undefined) throw malformedTrailer();
  checks.endTrailer([...trailers].map(([name, value]) => `${name}:${value}\n`).join(''), signature);
}

/** Nothing but blank lines follows a blank line, except the signature. */
function checkBlank(lines: readonly string[], index: number): void {
  const next = lines.slice(index + 1).find((line) => line !== '');
  if (next !== undefined && !next.toLowerCase().startsWith(`${signatureName}:`)) throw malformedTrailer();
}

/** What was announced came, and nothing else. */
function checkNames(trailers: ReadonlyMap<string, string>, declared: string): void {
  const names = declared
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  if (names.length !== trailers.size || names.some((name) => !trailers.has(name))) throw malformedTrailer();
}
