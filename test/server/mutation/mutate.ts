/** What is done to requests: to the values of their input before they are written, and to what was written. */
import type { Random } from '../../../src/random/index.ts';
import type { Draft } from './encodings.ts';
import { isStructure } from './encodings.ts';
import { pick, type Value } from './inputs.ts';
import { deepBodies, headerPool, paths, pieces, queryPool, strange } from './pools.ts';

type Input = { readonly [name: string]: Value };

/** One value somewhere in the input becomes something else, goes away, or gets company. */
export function mutateInput(input: Input, random: Random): Input {
  const kind = random.integer(10);
  if (kind === 0)
    return { ...input, [pick(['__proto__', 'unknown', 'toString', ''], random)]: pick(strange, random)(random) };
  const names = Object.keys(input);
  if (names.length === 0) return input;
  const name = pick(names, random);
  if (kind === 1) {
    const { [name]: _gone, ...rest } = input;
    return rest;
  }
  return { ...input, [name]: mutateValue(input[name] ?? null, random) };
}

function mutateValue(value: Value, random: Random): Value {
  const deeper = random.next() < 0.7;
  if (deeper && Array.isArray(value) && value.length > 0) {
    const at = random.integer(value.length);
    if (random.next() < 0.2) return [...value, ...value];
    return value.map((item, index) => (index === at ? mutateValue(item, random) : item));
  }
  if (deeper && isStructure(value)) return mutateInput(value, random);
  if (typeof value === 'string' && random.next() < 0.4) return mutateText(value, random);
  return pick(strange, random)(random);
}

function mutateText(text: string, random: Random): string {
  const at = random.integer(text.length + 1);
  const kind = random.integer(4);
  if (kind === 0) return text.slice(0, at) + pick(pieces, random) + text.slice(at);
  if (kind === 1) return text.slice(0, at);
  if (kind === 2) return text + text;
  return text.slice(0, at) + String.fromCharCode(random.integer(0x300)) + text.slice(at + 1);
}

/** Bytes of the body are flipped, cut out, doubled or put in. */
export function mutateBytes(body: Uint8Array, random: Random): Uint8Array {
  if (random.next() < 0.04) return pick(deepBodies, random)();
  let bytes = Buffer.from(body);
  for (let hits = random.integer(3); hits >= 0; hits--) {
    const at = random.integer(bytes.length + 1);
    const kind = random.integer(6);
    if (kind === 0 && at < bytes.length) bytes[at] = random.integer(256);
    else if (kind === 1 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
    else if (kind === 2) bytes = bytes.subarray(0, at);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.integer(40))]);
    else if (kind === 4)
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(pick(pieces, random)), bytes.subarray(at)]);
    else
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + random.integer(100)), bytes.subarray(at)]);
  }
  return bytes;
}

/** Method, path, query or headers change; what comes out can still be written by an HTTP client. */
export function mutateHead(draft: Draft, random: Random): Draft {
  const kind = random.integer(6);
  if (kind === 0)
    return { ...draft, method: pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'], random) };
  const [path = '/', query = ''] = draft.target.split(/\?(.*)/s);
  if (kind === 1) return { ...draft, target: `${pick(paths, random)}${query === '' ? '' : `?${query}`}` };
  if (kind === 2) {
    const added = pick(queryPool, random);
    return { ...draft, target: `${path}?${query === '' ? added : `${query}&${added}`}` };
  }
  if (kind === 3) {
    const changed = Buffer.from(mutateBytes(Buffer.from(draft.target), random)).toString('latin1');
    const target = changed.replace(
      /[^\x21-\x22\x24-\x7e]/g,
      (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
    return { ...draft, target: target.startsWith('/') ? target : `/${target}` };
  }
  const [name, values] = pick(headerPool, random);
  return { ...draft, headers: { ...draft.headers, [name]: pick(values, random) } };
}
