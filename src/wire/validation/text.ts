/** A fault that repeats what was sent must not be as large as what was sent. */
const longestText = 512;
const mostItems = 32;

/** As Java prints the value, in quotes, and null bare: `'a'`, `'[a, b]'`, `'{k=v}'`. Long values end in `...`. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  return `'${cut(bareText(value))}'`;
}

function bareText(value: unknown): string {
  if (typeof value === 'string') return cut(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (Array.isArray(value)) return `[${listed(value.slice(0, mostItems).map(bareText), value.length)}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    return `{${listed(
      entries.slice(0, mostItems).map(([key, content]) => `${key}=${bareText(content)}`),
      entries.length,
    )}}`;
  }
  return String(value);
}

function listed(texts: readonly string[], all: number): string {
  return [...texts, ...(texts.length < all ? ['...'] : [])].join(', ');
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}...`;
}

export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
