import { validationError } from './errors.ts';

/** Every List operation of IAM takes these. */
export interface PageInput {
  readonly Marker?: string | undefined;
  /** Default 100. */
  readonly MaxItems?: number | undefined;
}

export interface PageOutput {
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/**
 * One page of a list in the order of its keys. The marker holds the key of the page's last item, so a page goes on at the right place
 * though items came or went in between.
 * @param keyOf Unique. Its case does not matter.
 * @throws AwsFault ValidationError when the marker is none of ours.
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  { Marker, MaxItems = 100 }: PageInput,
): { readonly items: readonly T[]; readonly page: PageOutput } {
  const after = Marker === undefined ? undefined : readMarker(Marker);
  const rest = items
    .map((item) => ({ item, key: keyOf(item).toLowerCase() }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const shown = rest.slice(0, MaxItems);
  const last = shown.at(-1);
  const page = rest.length > shown.length && last ? { IsTruncated: true, Marker: writeMarker(last.key) } : complete;
  return { items: shown.map(({ item }) => item), page };
}

const complete: PageOutput = { IsTruncated: false };

const prefix = 'after:';

function writeMarker(key: string): string {
  return Buffer.from(prefix + key).toString('base64url');
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString('utf8');
  if (!text.startsWith(prefix) || writeMarker(text.slice(prefix.length)) !== marker) {
    throw validationError('Invalid Marker.');
  }
  return text.slice(prefix.length);
}
