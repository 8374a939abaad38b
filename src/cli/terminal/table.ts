import { stripVTControlCharacters } from 'node:util';

let made: Intl.Segmenter | undefined;

/** Made when it is first needed: its tables cost every start 10 ms and 2 MB. */
function graphemes(text: string): Intl.Segments {
  made ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return made.segment(text);
}

/** Columns a text takes: East Asian wide characters and emoji take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes(stripVTControlCharacters(text))) {
    width += /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(
      segment,
    )
      ? 2
      : 1;
  }
  return width;
}

/** Cuts to `width` columns, with an ellipsis in the place of what is missing. */
export function fit(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of graphemes(text)) {
    if (displayWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Cuts the beginning of a path to `width` columns: its end tells more. */
export function fitEnd(text: string, width: number): string {
  const excess = displayWidth(text) - width;
  if (excess <= 0) return text;
  const segments = [...graphemes(text)].map(({ segment }) => segment);
  while (displayWidth(segments.join('')) > width - 1) segments.shift();
  return `…${segments.join('')}`;
}

/** Control characters of file and class names must not reach the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** Aligned columns, two spaces apart; `align` is one of l and r per column. */
export function table(rows: readonly (readonly string[])[], align: string): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
        return align[column] === 'r' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
