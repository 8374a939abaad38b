import { anyCharacter, anyText, compileGlob, type GlobToken } from './glob.ts';

/** @returns The single value of a condition key, by its lower-case name; undefined when there is none, or several. */
export type Variables = (key: string) => string | undefined;

/** Text of a policy that values are compared with: wildcards and variables where they have a meaning. */
export interface Pattern {
  /** As written. */
  readonly text: string;
  matches(value: string, variables: Variables): boolean;
}

export interface PatternOptions {
  /** `${aws:username}` stands for a value: only in documents of version 2012-10-17. */
  readonly variables: boolean;
  /** `*` and `?` have their meaning. Default true. */
  readonly wildcards?: boolean;
  /** Default false. */
  readonly ignoreCase?: boolean;
}

interface Variable {
  /** In lower case. */
  readonly key: string;
  readonly otherwise: string | undefined;
}

type Token = GlobToken | Variable;

export function compilePattern(text: string, { variables, wildcards = true, ignoreCase }: PatternOptions): Pattern {
  const fold = ignoreCase ? (value: string) => value.toLowerCase() : (value: string) => value;
  const tokens = tokensOf(text, { variables, wildcards });
  if (tokens.every((token) => typeof token !== 'object')) {
    const match = compileGlob(tokens.map((token) => (typeof token === 'string' ? fold(token) : token)));
    return { text, matches: ignoreCase ? (value) => match(fold(value)) : match };
  }
  const head = typeof tokens[0] === 'string' ? fold(tokens[0]) : '';
  return {
    text,
    matches(value, known) {
      const folded = fold(value);
      // Most values differ before the first variable, and then nothing needs to be put in and compiled.
      if (!folded.startsWith(head)) return false;
      const parts: GlobToken[] = [];
      for (const token of tokens) {
        const part = typeof token === 'object' ? (known(token.key) ?? token.otherwise) : token;
        // A variable that stands for nothing matches nothing. Wildcards in its value are plain text.
        if (part === undefined) return false;
        parts.push(typeof part === 'string' ? fold(part) : part);
      }
      return compileGlob(parts)(folded);
    },
  };
}

/**
 * `${key}`, `${key, 'default'}`, and `${*}` `${?}` `${$}` for the characters themselves:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function tokensOf(text: string, { variables, wildcards }: { variables: boolean; wildcards: boolean }): Token[] {
  const parts = variables ? text.split(/(\$\{[^{}]*\})/) : [text];
  return parts.flatMap((part, at): Token[] => {
    // Every other part is what the expression has caught.
    if (variables && at % 2 === 1) return [variableOf(part.slice(2, -1))];
    if (wildcards) return wildcardsOf(part);
    return part === '' ? [] : [part];
  });
}

/** Text with `*` and `?` as wildcards, without variables. */
export function wildcardsOf(text: string): GlobToken[] {
  const parts = text.split(/([*?])/).filter((part) => part !== '');
  return parts.map((part) => (part === '*' ? anyText : part === '?' ? anyCharacter : part));
}

function variableOf(inner: string): Token {
  if (inner === '*' || inner === '?' || inner === '$') return inner;
  const [, key = inner, otherwise] = /^([^,]*),\s*'(.*)'\s*$/s.exec(inner) ?? [];
  return { key: key.trim().toLowerCase(), otherwise };
}
