import type { ConfusionCell } from '../../evaluation/classes.ts';

/** What part of the confusion matrix is drawn, and how. */
export interface ConfusionView {
  readonly names: readonly string[];
  /** Pictures by true class. */
  readonly support: readonly number[];
  readonly cells: readonly ConfusionCell[];
  /** Classes from left to right and from top to bottom. */
  readonly order: readonly number[];
  /** The window, in places of `order`. */
  readonly left: number;
  readonly top: number;
  readonly span: number;
  /** Largest size of names, in units of the view box: small maps are shown small. */
  readonly largestFont: number;
}

/**
 * The inside of the `<svg viewBox="0 0 1000 1000">` of a confusion map: rows are true classes, columns what they were called, shades
 * are shares of the row. One path per shade, so thousands of cells stay light.
 *
 * Drawn here for readers without script, and again in the page when they zoom or sort: the page carries this function's own source,
 * so it may use nothing from outside of itself.
 */
export function confusionMarkup(view: ConfusionView): string {
  const { names, support, cells, order, left, top, span, largestFont } = view;
  // Names get the room they need: small ones, of many classes, leave more to the map.
  const font = Math.max(4.8, Math.min(largestFont, (850 / span) * 0.92));
  const longestName = names.reduce((most, text) => Math.max(most, text.length), 0);
  const gutter = Math.ceil(Math.min(15 * largestFont, Math.max(5 * largestFont, longestName * font * 0.56 + 18)));
  const side = 1000 - gutter;
  const cell = side / span;
  const levels = [0.04, 0.1, 0.2, 0.35, 0.5, 0.75];
  const fixed = (value: number): number => Math.round(value * 100) / 100;
  const escaped = (text: string): string =>
    text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  const place = new Map(order.map((label, at) => [label, at]));
  const paths = new Map<string, string>();
  let numbers = '';
  const inset = cell > 14 ? 1 : cell > 4 ? 0.4 : 0;
  for (const [actual, predicted, pictures] of cells) {
    const row = (place.get(actual) ?? -1) - top;
    const column = (place.get(predicted) ?? -1) - left;
    if (row < 0 || column < 0 || row >= span || column >= span) continue;
    const share = pictures / (support[actual] || 1);
    const level = levels.filter((limit) => share >= limit).length;
    const shade = `${actual === predicted ? 'hit' : 'miss'}-${level}`;
    const x = gutter + column * cell + inset;
    const y = gutter + row * cell + inset;
    const width = cell - 2 * inset;
    paths.set(
      shade,
      `${paths.get(shade) ?? ''}M${fixed(x)} ${fixed(y)}h${fixed(width)}v${fixed(width)}h${-fixed(width)}z`,
    );
    if (cell >= 1.8 * largestFont) {
      const middle = fixed(y + width / 2 + 0.35 * largestFont);
      numbers += `<text class="n ${level >= 4 ? 'on-dark' : ''}" x="${fixed(x + width / 2)}" y="${middle}">${pictures}</text>`;
    }
  }
  let markup = `<rect class="field" x="${gutter}" y="${gutter}" width="${side}" height="${side}"/>`;
  const every = span > 30 ? 10 : 1;
  let lines = '';
  for (let i = every; i < span; i += every) {
    const at = fixed(gutter + i * cell);
    lines += `M${at} ${gutter}v${side}M${gutter} ${at}h${side}`;
  }
  markup += `<path class="lines" d="${lines}"/>`;
  for (const [shade, d] of paths) markup += `<path class="${shade}" d="${d}"/>`;
  const step = Math.max(1, Math.ceil(5.2 / cell));
  const longest = Math.floor((gutter - 8) / (font * 0.53));
  let labels = '';
  for (let i = 0; i < span; i += step) {
    const middle = fixed(gutter + (i + 0.5) * cell);
    const row = names[order[top + i] ?? -1] ?? '';
    const column = names[order[left + i] ?? -1] ?? '';
    const short = (text: string): string => escaped(text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
    labels += `<text x="${gutter - 5}" y="${fixed(middle + font * 0.34)}" text-anchor="end">${short(row)}</text>`;
    labels += `<text transform="translate(${fixed(middle + font * 0.34)} ${gutter - 5}) rotate(-90)">${short(column)}</text>`;
  }
  markup += `<g class="names" font-size="${font}">${labels}</g><g class="numbers" font-size="${largestFont}">${numbers}</g>`;
  const title = `<text class="axis-title" font-size="${largestFont * 0.92}"`;
  markup += `${title} x="${gutter - 6}" y="${largestFont}" text-anchor="end">called →</text>`;
  markup += `${title} x="2" y="${gutter - 6}">true ↓</text>`;
  return markup;
}
