import type { Path } from './violation.ts';

/** A fault that repeats what was sent must not be as large as what was sent. */
const longestText = 512;
const mostItems = 32;

/** In quotes, and null bare, as AWS's messages have it: `'a'`, `'[a, b]'`, `null`. */
export function quoted(value: unknown): string {
  return value === undefined || value === null ? 'null' : `'${shortened(value)}'`;
}

/** As Java prints the value: `a`, `[a, b]`, `{k=v}`. Long values end in `...`. */
export function shortened(value: unknown): string {
  const text = javaText(value);
  return text.length <= longestText ? text : `${text.slice(0, longestText)}...`;
}

function javaText(value: unknown): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (Array.isArray(value)) return `[${listed(value.slice(0, mostItems).map(shortened), value.length)}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const texts = entries.slice(0, mostItems).map(([key, content]) => `${shortened(key)}=${shortened(content)}`);
    return `{${listed(texts, entries.length)}}`;
  }
  return String(value);
}

function listed(texts: readonly string[], all: number): string {
  return [...texts, ...(texts.length < all ? ['...'] : [])].join(', ');
}

/** `tags.1.member.key`: members begin in lower case, places count from 1. */
export function pathText(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? `${step}.member` : lowerFirst(step))).join('.');
}

export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
