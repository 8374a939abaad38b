/**
 * Filter patterns of terms. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * Terms are case-sensitive and matched anywhere in the message, within words too.
 */
import { invalidParameter, notServed } from './errors.ts';

export type Matches = (message: string) => boolean;

interface Term {
  readonly kind: 'include' | 'exclude' | 'optional';
  readonly text: string;
}

/**
 * `error`, `"out of memory"`, `-debug`, `?error ?warning`. Without a term everything matches.
 * @throws AwsFault InvalidParameterException where it is malformed; 501 for JSON (`{ … }`), space-delimited (`[ … ]`) and
 * regular expression (`%…%`) patterns.
 */
export function parseFilterPattern(pattern: string): Matches {
  const text = pattern.trim();
  refuseOtherKinds(text);
  const terms = parseTerms(text);
  const including = ofKind(terms, 'include');
  const excluding = ofKind(terms, 'exclude');
  // "If you combine the question mark with other terms, the question mark terms are ignored."
  const optional = including.length + excluding.length > 0 ? [] : ofKind(terms, 'optional');
  return (message) =>
    including.every((term) => message.includes(term)) &&
    !excluding.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)));
}

function ofKind(terms: readonly Term[], kind: Term['kind']): string[] {
  return terms.filter((term) => term.kind === kind).map((term) => term.text);
}

const otherKinds = {
  '{': 'JSON patterns ({ … })',
  '[': 'Space-delimited patterns ([ … ])',
  '%': 'Regular expressions (%…%)',
};

function refuseOtherKinds(text: string): void {
  const kind = otherKinds[text[0] as keyof typeof otherKinds];
  if (kind === undefined) return;
  throw notServed(`${kind} in filterPattern are not supported by Whippet: use terms and "quoted phrases".`);
}

/** A sign, then a phrase in quotes with its backslashes, or everything up to the next space. */
const termSyntax = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)\s*/uy;

function parseTerms(text: string): Term[] {
  const terms: Term[] = [];
  termSyntax.lastIndex = 0;
  while (termSyntax.lastIndex < text.length) {
    const at = termSyntax.lastIndex;
    const match = termSyntax.exec(text);
    if (match === null) throw invalidTerm(text.slice(at));
    const [, sign, phrase, word] = match;
    terms.push({
      kind: kinds[sign as keyof typeof kinds],
      text: phrase === undefined ? checkWord(word as string) : unescaped(phrase),
    });
  }
  return terms;
}

const kinds = { '': 'include', '-': 'exclude', '?': 'optional' } as const;

/** "Enclose exact phrases and terms that include non-alphanumeric characters in double quotation marks." */
function checkWord(word: string): string {
  if (!/^[\p{L}\p{N}_]+$/u.test(word)) throw invalidTerm(word);
  return word;
}

function unescaped(phrase: string): string {
  return phrase.replace(/\\(["\\])/g, '$1');
}

function invalidTerm(term: string): Error {
  return invalidParameter(`Invalid filter pattern: Invalid character(s) in term '${term}'`);
}
