import { userError } from '../../errors/index.ts';

/** What the caller wants to get. */
export type Wanted = { readonly kind: 'logits' } | { readonly kind: 'labelled'; readonly top: number };

export const mediaTypes = { logits: 'application/json', labelled: 'application/vnd.whippet+json' } as const;

/** As many as people look at. */
const defaultTop = 5;

export interface Asked {
  /** The Accept header. */
  readonly accept: string | undefined;
  readonly query: URLSearchParams;
  readonly classes: number;
}

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

/**
 * The answer's kind from `Accept` (RFC 9110 §12.5.1: qualities, wildcards; logits where nothing is preferred) and `top` from its
 * parameter or, going first, from the query.
 * @throws WHIPPET_SERVE_NOT_ACCEPTABLE, WHIPPET_SERVE_TOP, WHIPPET_SERVE_TOP_OF_LOGITS
 */
export function negotiate({ accept, query, classes }: Asked): Wanted {
  const ranges = (accept ?? '*/*').split(',').map(parseRange);
  const logits = bestFor(mediaTypes.logits, ranges);
  const labelled = bestFor(mediaTypes.labelled, ranges);
  const top = query.get('top') ?? undefined;
  if (labelled && labelled.quality > (logits?.quality ?? 0)) {
    const asked = top ?? labelled.parameters.get('top');
    return { kind: 'labelled', top: asked === undefined ? Math.min(defaultTop, classes) : parseTop(asked, classes) };
  }
  if (!logits || logits.quality === 0) {
    throw userError('WHIPPET_SERVE_NOT_ACCEPTABLE', { accept: (accept ?? '').slice(0, 200) });
  }
  if (top !== undefined) throw userError('WHIPPET_SERVE_TOP_OF_LOGITS', {});
  return { kind: 'logits' };
}

function parseTop(text: string, classes: number): number {
  const top = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (top < 1 || top > classes) throw userError('WHIPPET_SERVE_TOP', { value: text.slice(0, 40), classes });
  return top;
}

function parseRange(text: string): Range {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const at = parameter.indexOf('=');
    if (at > 0) parameters.set(parameter.slice(0, at).trim().toLowerCase(), parameter.slice(at + 1).trim());
  }
  const quality = Number(parameters.get('q') ?? 1);
  return { type: type.toLowerCase(), parameters, quality: quality >= 0 && quality <= 1 ? quality : 1 };
}

/** The most specific range that covers a type decides its quality. */
function bestFor(type: string, ranges: readonly Range[]): Range | undefined {
  const exact = ranges.find((range) => range.type === type);
  return (
    exact ?? ranges.find((range) => range.type === 'application/*') ?? ranges.find((range) => range.type === '*/*')
  );
}
