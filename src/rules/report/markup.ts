/** Text that is HTML already. Everything else that goes into a page is escaped. */
export interface Markup {
  readonly markup: string;
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

type Attributes = Readonly<Record<string, string | number | undefined>>;

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters other than tab and line ends are not allowed in HTML, even as references. */
export function escapeText(text: string): string {
  const allowed = text.replace(/\p{Cc}/gu, (control) => ('\t\n\r'.includes(control) ? control : '\ufffd'));
  return allowed.replace(/[&<>"']/g, (character) => escapes[character]!);
}

/** An element; undefined attributes are left out. */
export function tag(name: string, attributes: Attributes, ...children: readonly Content[]): Markup {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const written = given.map(([key, value]) => ` ${key}="${escapeText(String(value))}"`).join('');
  return { markup: `<${name}${written}>${children.map(contentText).join('')}</${name}>` };
}

/** Markup of our own. Never of anything that came from a job. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** Names are of strangers: set apart, so that right-to-left marks in them don't reorder what stands around. */
export function nameOf(text: string): Markup {
  return tag('bdi', {}, text);
}

function contentText(content: Content): string {
  if (content === undefined || content === false) return '';
  if (typeof content === 'string' || typeof content === 'number') return escapeText(String(content));
  return 'markup' in content ? content.markup : content.map(contentText).join('');
}
