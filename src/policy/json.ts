/** Far above what a policy needs (6). Deeper documents are refused before anything recursive sees them. */
const deepest = 32;

/**
 * JSON by the book, with no key twice in one object ("Individual elements must not contain multiple instances of the same key":
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). `__proto__` is a key like any other.
 * @throws SyntaxError
 */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  refuseDuplicates(text);
  return value;
}

/** `text` is valid JSON, so only strings and brackets need to be told apart. */
function refuseDuplicates(text: string): void {
  const keysOfOpen: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      keysOfOpen.push(character === '{' ? new Set() : undefined);
      if (keysOfOpen.length > deepest) throw new SyntaxError('nested too deeply');
    } else if (character === '}' || character === ']') {
      keysOfOpen.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (isKey(text, end)) remember(JSON.parse(text.slice(at, end)) as string, keysOfOpen.at(-1));
      at = end - 1;
    }
  }
}

function remember(key: string, keys: Set<string> | undefined): void {
  if (keys?.has(key)) throw new SyntaxError(`the key ${key} is there twice`);
  keys?.add(key);
}

/** Place after the quote that ends the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}
