import { at, linear, type Scale, ticks } from '../report/charts/axes.ts';
import { type Html, html } from '../report/html.ts';
import type { PlottedTrial, TrialsPageData } from './trials-page.ts';

const width = 1040;
const height = 320;
/** Keeps a label readable where lines cross it. */
const halo = 'paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round';
const plot = { left: 64, right: width - 24, top: 24, bottom: height - 44 };

/** Each trial's objective in the order of the starts, and the best so far. */
export function trialsOverTime({ trials, objective }: TrialsPageData): Html {
  const finished = trials.filter(({ value }) => value !== undefined);
  const values = finished.map(({ value }) => value ?? 0);
  const y = valueScale(values);
  const x = linear(1, Math.max(2, trials.length), plot.left, plot.right);
  let best: number | undefined;
  const steps = finished.map(({ number, value = 0 }) => {
    const better = best === undefined || (objective.direction === 'minimize' ? value < best : value > best);
    if (better) best = value;
    return { number, best: best ?? value };
  });
  const path = steps.map((step, i) => {
    const before = steps[i - 1];
    return `${i === 0 ? 'M' : `L${at(x(step.number))},${at(y(before?.best ?? step.best))} L`}${at(x(step.number))},${at(y(step.best))}`;
  });
  return chart('Objective by trial', [
    gridOf(y, values, objective.format),
    xTicks(x, trials.length, 'trial'),
    html`<path class="line-b" d="${path.join(' ')} H${plot.right}"/>`,
    finished.map(
      ({ number, value = 0, isWinner }) =>
        html`<circle class="dot ${isWinner ? 'line-a-dot' : 'line-b-dot'}" cx="${at(x(number))}" cy="${at(y(value))}" r="${isWinner ? 7 : 4}"><title>trial ${number}: ${objective.format(value)}</title></circle>`,
    ),
    trials
      .filter(({ failed }) => failed)
      .map(
        ({ number }) =>
          html`<text x="${at(x(number))}" y="${plot.bottom - 4}" text-anchor="middle" style="fill:var(--bad)">✗<title>trial ${number} failed</title></text>`,
      ),
  ]);
}

/** A line per trial through an axis per parameter, ending at its objective: the better, the stronger. */
export function parallelCoordinates({ trials, parameters, objective }: TrialsPageData): Html {
  const values = trials.map(({ value }) => value).filter((value) => value !== undefined);
  const scale = valueScale(values);
  const x = linear(0, parameters.length, plot.left + 40, plot.right - 60);
  const y = linear(0, 1, plot.bottom, plot.top);
  const places = new Map(
    byValue(trials, objective.direction).map(({ number }, place, all) => [number, place / all.length]),
  );
  const worstFirst = trials.toSorted((a, b) => (places.get(b.number) ?? 2) - (places.get(a.number) ?? 2));
  const line = (trial: PlottedTrial): Html => {
    const points = trial.positions.map((position, i) => `${at(x(i))},${at(y(position))}`);
    if (trial.value !== undefined) points.push(`${at(x(parameters.length))},${at(scale(trial.value))}`);
    return html`<polyline fill="none" style="${strokeOf(trial, places.get(trial.number) ?? 1)}" points="${points.join(' ')}"><title>trial ${trial.number}: ${trial.value === undefined ? trial.ended : objective.format(trial.value)}</title></polyline>`;
  };
  const axis = (title: string, place: number, labels: readonly { text: string; y: number }[]): Html =>
    html`<line class="grid" x1="${at(x(place))}" x2="${at(x(place))}" y1="${plot.top}" y2="${plot.bottom}"/>
<text class="axis" x="${at(x(place))}" y="${height - 12}" text-anchor="middle">${title}</text>
${labels.map((label) => html`<text class="tick" style="${halo}" x="${at(x(place) + 6)}" y="${at(label.y + 4)}">${label.text}</text>`)}`;
  return chart('Parameters and objective of each trial', [
    worstFirst.map(line),
    parameters.map(({ name, ticks: marks }, i) =>
      axis(
        name,
        i,
        marks.map(({ text, position }) => ({ text, y: y(position) })),
      ),
    ),
    axis(
      objective.name,
      parameters.length,
      ticksOf(values).map((tick) => ({ text: objective.format(tick), y: scale(tick) })),
    ),
  ]);
}

/** The objective of every trial by epoch: where early stopping cut. */
export function trialCurves({ trials, objective }: TrialsPageData): Html {
  const values = trials.flatMap(({ curve }) => curve).filter(Number.isFinite);
  const y = valueScale(values);
  const longest = Math.max(2, ...trials.map(({ curve }) => curve.length));
  const x = linear(1, longest, plot.left, plot.right);
  const places = new Map(
    byValue(trials, objective.direction).map(({ number }, place, all) => [number, place / all.length]),
  );
  return chart('Objective by epoch', [
    gridOf(y, values, objective.format),
    xTicks(x, longest, 'epoch'),
    trials
      .toSorted((a, b) => Number(a.isWinner) - Number(b.isWinner))
      .map((trial) => {
        const points = trial.curve.map((value, i) => `${at(x(i + 1))},${at(y(value))}`).join(' ');
        return html`<polyline fill="none" style="${strokeOf(trial, places.get(trial.number) ?? 1)}" points="${points}"><title>trial ${trial.number}: ${trial.ended}</title></polyline>`;
      }),
  ]);
}

function byValue(trials: readonly PlottedTrial[], direction: 'minimize' | 'maximize'): PlottedTrial[] {
  const sign = direction === 'minimize' ? 1 : -1;
  return trials
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => sign * ((a.value ?? 0) - (b.value ?? 0)) || a.number - b.number);
}

/** @param place 0 for the best trial, towards 1 for the worst. */
function strokeOf({ isWinner, failed }: PlottedTrial, place: number): string {
  if (failed) return 'stroke:var(--bad);stroke-width:1.2;stroke-dasharray:3 4;opacity:.7';
  if (isWinner) return 'stroke:var(--second);stroke-width:3.2';
  return `stroke:var(--accent);stroke-width:1.5;opacity:${(0.85 - 0.72 * Math.sqrt(place)).toFixed(2)}`;
}

function valueScale(values: readonly number[]): Scale {
  if (values.length === 0) return linear(0, 1, plot.bottom, plot.top);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || Math.abs(high) || 1) * 0.05;
  return linear(low - room, high + room, plot.bottom, plot.top);
}

function ticksOf(values: readonly number[]): number[] {
  return values.length === 0 ? [] : ticks(Math.min(...values), Math.max(...values), 5);
}

function gridOf(y: Scale, values: readonly number[], format: (value: number) => string): Html[] {
  return ticksOf(values).map(
    (tick) =>
      html`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text class="tick" x="${plot.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${format(tick)}</text>`,
  );
}

function xTicks(x: Scale, last: number, title: string): Html {
  const marks = ticks(1, Math.max(2, last), 10).filter(Number.isInteger);
  return html`${marks.map((tick) => html`<text class="tick" x="${at(x(tick))}" y="${plot.bottom + 18}" text-anchor="middle">${tick}</text>`)}
<text class="axis" x="${at((plot.left + plot.right) / 2)}" y="${height - 6}" text-anchor="middle">${title}</text>`;
}

function chart(title: string, content: readonly (Html | readonly Html[])[]): Html {
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${content}</svg>`;
}
