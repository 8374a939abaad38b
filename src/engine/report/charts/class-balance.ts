import { count } from '../format.ts';
import { type Html, html } from '../html.ts';
import { at, linear, ticks } from './axes.ts';

const width = 1040;
const height = 170;
const plot = { left: 46, right: width - 8, top: 12, bottom: height - 26 };

/** Training pictures per class, most first: how even the data set is. */
export function classBalance(labels: readonly string[], counts: readonly number[]): Html {
  const order = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  const most = Math.max(1, ...counts);
  const x = linear(0, order.length, plot.left, plot.right);
  const y = linear(0, most, plot.bottom, plot.top);
  const gap = order.length > 300 ? 0 : Math.min(2, (x(1) - x(0)) * 0.2);
  const least = order.at(-1) ?? 0;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="bal-t bal-d">
<title id="bal-t">Training pictures per class</title>
<desc id="bal-d">From ${count(most)} down to ${count(counts[least] ?? 0)}.</desc>
${ticks(0, most, 3).map(
  (tick) =>
    html`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="tick" x="${plot.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${count(tick)}</text>`,
)}
${order.map(
  (label, i) =>
    html`<rect class="bar" x="${at(x(i) + gap / 2)}" width="${at(x(i + 1) - x(i) - gap)}" y="${at(y(counts[label]!))}" height="${at(plot.bottom - y(counts[label]!))}"><title>${labels[label] ?? ''}: ${count(counts[label]!)}</title></rect>`,
)}
<text class="axis" x="${plot.left}" y="${height - 6}">${labels[order[0] ?? 0] ?? ''}</text>
<text class="axis" x="${plot.right}" y="${height - 6}" text-anchor="end">${labels[least] ?? ''}</text>
</svg>`;
}
