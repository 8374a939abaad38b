/** Markup that is known to be safe. Everything else that goes into a page is escaped. */
export interface Html {
  readonly markup: string;
}

export type Content = Html | string | number | false | null | undefined | readonly Content[];

/**
 * A template whose values are escaped unless they are Html: html`<td>${className}</td>`. Attribute values must be in double quotes.
 * Absent values (false, null, undefined) vanish; lists are joined.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  let markup = strings[0] ?? '';
  for (const [i, value] of values.entries()) markup += markupOf(value) + (strings[i + 1] ?? '');
  return { markup };
}

/** Marks text of our own as markup. Never for anything that came from a user, a file or a model. */
export function trusted(markup: string): Html {
  return { markup };
}

/** Names come from folders of strangers: isolated, so that right-to-left marks cannot reorder what stands around them. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

function markupOf(value: Content): string {
  if (value === false || value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'markup' in value ? value.markup : value.map(markupOf).join('');
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** JSON for a `<script type="application/json">` block: no text in it can end the block. */
export function jsonBlock(id: string, data: unknown): Html {
  const json = JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return trusted(`<script type="application/json" id="${escapeHtml(id)}">${json}</script>`);
}
