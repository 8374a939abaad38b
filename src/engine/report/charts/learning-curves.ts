import type { EpochRecord } from '../../events.ts';
import { type Html, html } from '../html.ts';
import { at, linear, ticks } from './axes.ts';

interface Line {
  readonly label: string;
  readonly className: 'line-a' | 'line-b' | 'line-c';
  readonly values: readonly number[];
}

interface Curve {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly lines: readonly Line[];
  readonly bestEpoch: number;
  readonly format: (value: number) => string;
  /** Included in the range, where the axis means something from there. */
  readonly floor?: number;
}

const width = 520;
const height = 300;
const plot = { left: 52, right: width - 72, top: 18, bottom: height - 40 };

export function lossCurve(epochs: readonly EpochRecord[], bestEpoch: number): Html {
  return curve({
    id: 'loss',
    title: 'Loss by epoch',
    description: `Mean cross-entropy of training and valid pictures; calibrated on valid it is lowest at epoch ${bestEpoch}.`,
    lines: [
      { label: 'train', className: 'line-a', values: epochs.map((epoch) => epoch.trainLoss) },
      { label: 'valid', className: 'line-b', values: epochs.map((epoch) => epoch.validLoss) },
      { label: 'calibrated', className: 'line-c', values: epochs.map((epoch) => epoch.calibratedLoss) },
    ],
    bestEpoch,
    format: (value) => String(Number(value.toPrecision(3))),
    floor: 0,
  });
}

export function accuracyCurve(epochs: readonly EpochRecord[], bestEpoch: number): Html {
  return curve({
    id: 'accuracy',
    title: 'Accuracy by epoch',
    description: `Share of valid pictures that are right; the model is that of epoch ${bestEpoch}.`,
    lines: [{ label: 'valid', className: 'line-b', values: epochs.map((epoch) => 100 * epoch.validAccuracy) }],
    bestEpoch,
    format: (value) => `${Number(value.toPrecision(3))} %`,
  });
}

function curve({ id, title, description, lines, bestEpoch, format, floor }: Curve): Html {
  const all = lines.flatMap(({ values }) => values).filter(Number.isFinite);
  const low = Math.min(floor ?? Number.POSITIVE_INFINITY, ...all);
  const high = Math.max(...all);
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  const last = lines[0]?.values.length ?? 0;
  const x = linear(1, Math.max(2, last), plot.left, plot.right);
  const y = linear(low - (floor === undefined ? room : 0), high + room, plot.bottom, plot.top);
  const grid = ticks(low, high + room, 5);
  const epochTicks = ticks(1, Math.max(2, last), 6).filter(Number.isInteger);
  const ends = spread(lines.map(({ values }) => y(values.at(-1) ?? 0)));
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${grid.map(
  (tick) =>
    html`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="tick" x="${plot.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${format(tick)}</text>`,
)}
${(epochTicks.includes(1) ? epochTicks : [1, ...epochTicks]).map(
  (tick) => html`<text class="tick" x="${at(x(tick))}" y="${plot.bottom + 18}" text-anchor="middle">${tick}</text>`,
)}
<text class="axis" x="${at((plot.left + plot.right) / 2)}" y="${height - 4}" text-anchor="middle">epoch</text>
<line class="best" x1="${at(x(bestEpoch))}" x2="${at(x(bestEpoch))}" y1="${plot.top - 2}" y2="${plot.bottom}"/>
<text class="best-label" x="${at(x(bestEpoch))}" y="${plot.top - 6}" text-anchor="${bestEpoch > last * 0.85 ? 'end' : bestEpoch < last * 0.15 ? 'start' : 'middle'}">best: epoch ${bestEpoch}</text>
${lines.map(({ className, values, label }, i) => [
  html`<polyline class="${className}" points="${values.map((value, e) => `${at(x(e + 1))},${at(y(value))}`).join(' ')}"/>`,
  values.length === 1 && html`<circle class="dot ${className}-dot" cx="${at(x(1))}" cy="${at(y(values[0]!))}" r="4"/>`,
  html`<text class="line-label ${className}-text" x="${plot.right + 8}" y="${at(ends[i]! + 4)}">${label}</text>`,
])}
${lines.map(({ className, values }) => {
  const value = values[bestEpoch - 1];
  return (
    value !== undefined &&
    html`<circle class="dot ${className}-dot" cx="${at(x(bestEpoch))}" cy="${at(y(value))}" r="4"/>`
  );
})}
</svg>`;
}

/** Moves labels that would overlap apart: from the highest down, each as far as it must, and all back by half of the last one's way. */
function spread(positions: readonly number[]): number[] {
  const downwards = [...positions.keys()].sort((a, b) => positions[a]! - positions[b]!);
  const spreadOut = [...positions];
  let above = Number.NEGATIVE_INFINITY;
  let moved = 0;
  for (const label of downwards) {
    above = Math.max(positions[label]!, above + 14);
    spreadOut[label] = above;
    moved = above - positions[label]!;
  }
  return spreadOut.map((position) => position - moved / 2);
}
