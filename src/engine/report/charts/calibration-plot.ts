import type { Calibration } from '../../evaluation/calibration.ts';
import { count, percent, percentRange } from '../format.ts';
import { type Html, html } from '../html.ts';
import { at, linear } from './axes.ts';

const size = 400;
const plot = { left: 48, right: size - 12, top: 12, bottom: 330 };
const histogram = { top: 348, bottom: 398 };
const height = 440;

/** Reliability: per bin of confidence the share that was right, over the band of a perfectly calibrated model; pictures below. */
export function calibrationPlot({ bins }: Calibration): Html {
  const x = linear(0, 1, plot.left, plot.right);
  const y = linear(0, 1, plot.bottom, plot.top);
  const most = Math.max(1, ...bins.map(({ pictures }) => pictures));
  const bar = linear(0, most, 0, histogram.bottom - histogram.top);
  const filled = bins.filter(({ pictures }) => pictures > 0);
  const fifths = [0, 0.2, 0.4, 0.6, 0.8, 1];
  return html`<svg class="chart square" viewBox="0 0 ${size} ${height}" role="img" aria-labelledby="cal-t cal-d">
<title id="cal-t">Confidence and accuracy</title>
<desc id="cal-d">For each range of confidence, the share of pictures that were right. On the diagonal, 70 % sure means right 70 times in 100.</desc>
${fifths.map(
  (tick) =>
    html`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="tick" x="${plot.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${Math.round(tick * 100)}</text><text class="tick" x="${at(x(tick))}" y="${histogram.bottom + 16}" text-anchor="middle">${Math.round(tick * 100)}</text>`,
)}
<line class="ideal" x1="${plot.left}" y1="${plot.bottom}" x2="${plot.right}" y2="${plot.top}"/>
${filled.map(
  ({ from, to, expected }) =>
    html`<rect class="expected" x="${at(x(from) + 1)}" width="${at(x(to) - x(from) - 2)}" y="${at(y(expected.high) - 1)}" height="${at(y(expected.low) - y(expected.high) + 2)}" rx="2"/>`,
)}
<polyline class="line-b" points="${filled.map((bin) => `${at(x(bin.confidence))},${at(y(bin.accuracy))}`).join(' ')}"/>
${filled.map((bin) => {
  const outside = bin.accuracy < bin.expected.low || bin.accuracy > bin.expected.high;
  return html`<circle class="dot ${outside ? 'outside-dot' : 'line-b-dot'}" cx="${at(x(bin.confidence))}" cy="${at(y(bin.accuracy))}" r="${outside ? 5 : 4}"><title>${count(bin.pictures)} pictures with confidence ${percentRange({ low: bin.from, high: bin.to })}: ${percent(bin.accuracy)} right${outside ? ', outside of the band' : ''}</title></circle>`;
})}
${bins.map(
  (bin) =>
    html`<rect class="bar" x="${at(x(bin.from) + 1)}" width="${at(x(bin.to) - x(bin.from) - 2)}" y="${at(histogram.bottom - bar(bin.pictures))}" height="${at(bar(bin.pictures))}"/>`,
)}
<text class="axis" x="${at((plot.left + plot.right) / 2)}" y="${height - 6}" text-anchor="middle">confidence, % (bars: pictures, at most ${count(most)})</text>
<text class="axis" transform="translate(13 ${at((plot.top + plot.bottom) / 2)}) rotate(-90)" text-anchor="middle">right, %</text>
</svg>`;
}
