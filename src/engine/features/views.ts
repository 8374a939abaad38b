import { userError } from '../../errors/index.ts';
import type { View } from '../image/picture.ts';

/** More random views than this gain nothing measurable and cost an hour where one view costs half a minute. */
const mostRandomViews = 64;

/**
 * Reads `--views`: `center`, `flip`, a list of both (`center,flip`), or a number of random crops. `seed` fixes the crops: the same
 * seed gives a picture the same crops on every machine.
 * @throws WHIPPET_FEATURES_VIEWS
 */
export function parseViews(text: string, seed: number): View[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.length === 1 && /^\d+$/.test(words[0] as string)) {
    const count = Number(words[0]);
    if (count < 1 || count > mostRandomViews) throw userError('WHIPPET_FEATURES_VIEWS', { value: text });
    return Array.from({ length: count }, (_, index): View => ({ kind: 'random', index, seed }));
  }
  if (new Set(words).size !== words.length) throw userError('WHIPPET_FEATURES_VIEWS', { value: text });
  return words.map((word): View => {
    if (word !== 'center' && word !== 'flip') throw userError('WHIPPET_FEATURES_VIEWS', { value: text });
    return { kind: word };
  });
}

/** A view's name in the cache: equal names are equal crops. */
export function viewName(view: View): string {
  return view.kind === 'random' ? `random/${view.seed}/${view.index}` : view.kind;
}
