import type { Estimate } from '../../evaluation/statistics.ts';
import { percent, percentRange } from '../format.ts';
import { type Html, html } from '../html.ts';
import { at, linear } from './axes.ts';

const width = 640;
const track = { left: 8, right: width - 8, y: 40 };

/** Accuracy on a ruler from 0 to 100 %: the 95 % interval as a band, the value as a mark, chance as a tick. */
export function intervalRuler(accuracy: Estimate, chance: number): Html {
  const x = linear(0, 1, track.left, track.right);
  const low = x(accuracy.low);
  const band = Math.max(4, x(accuracy.high) - low);
  const description = `${percent(accuracy.value)}, 95 % interval ${percentRange(accuracy)}, chance ${percent(chance)}.`;
  return html`<svg class="chart ruler" viewBox="0 0 ${width} 78" role="img" aria-labelledby="ruler-t ruler-d">
<title id="ruler-t">Accuracy with its interval, and chance</title><desc id="ruler-d">${description}</desc>
<rect class="track" x="${track.left}" y="${track.y - 5}" width="${track.right - track.left}" height="10" rx="5"/>
<rect class="band" x="${at(low)}" y="${track.y - 5}" width="${at(band)}" height="10" rx="5"/>
<line class="value-mark" x1="${at(x(accuracy.value))}" x2="${at(x(accuracy.value))}" y1="${track.y - 13}" y2="${track.y + 13}"/>
<text class="ruler-label strong" x="${at(x(accuracy.value))}" y="${track.y - 20}" text-anchor="${anchor(accuracy.value)}">${percentRange(accuracy)}</text>
<line class="chance-mark" x1="${at(x(chance))}" x2="${at(x(chance))}" y1="${track.y - 9}" y2="${track.y + 9}"/>
<text class="ruler-label" x="${at(x(chance))}" y="${track.y + 30}" text-anchor="${anchor(chance)}">chance ${percent(chance)}</text>
</svg>`;
}

/** Labels near an end stay within the ruler. */
function anchor(share: number): string {
  if (share < 0.15) return 'start';
  return share > 0.85 ? 'end' : 'middle';
}
