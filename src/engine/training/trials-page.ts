import { seconds } from '../report/format.ts';
import { html, name } from '../report/html.ts';
import { renderPage } from '../report/page.ts';
import { parallelCoordinates, trialCurves, trialsOverTime } from './trials-plots.ts';

export interface TrialsPageData {
  /** What was trained on: the data set's folder. */
  readonly root: string;
  /** How the points were chosen, in words. */
  readonly search: string;
  readonly objective: {
    readonly name: string;
    readonly direction: 'minimize' | 'maximize';
    readonly format: (value: number) => string;
  };
  /** What was searched, with the marks of its axis; positions from 0 to 1. */
  readonly parameters: readonly {
    readonly name: string;
    readonly ticks: readonly { readonly text: string; readonly position: number }[];
  }[];
  /** The best first. */
  readonly trials: readonly PlottedTrial[];
}

export interface PlottedTrial {
  readonly number: number;
  /** Values of the parameters, in their order. */
  readonly values: readonly string[];
  /** The same on the axes, 0–1. */
  readonly positions: readonly number[];
  /** The objective; absent where there is none. */
  readonly value?: number | undefined;
  /** The objective by epoch. */
  readonly curve: readonly number[];
  readonly ended: string;
  readonly failed: boolean;
  readonly isWinner: boolean;
  readonly seconds: number;
}

/** The trials of a search as one HTML file that fetches nothing. */
export function renderTrials(data: TrialsPageData): string {
  const { root, search, objective, parameters, trials } = data;
  const winner = trials.find(({ isWinner }) => isWinner);
  const headline = winner
    ? `Trial ${winner.number} won: ${objective.name} ${objective.format(winner.value ?? Number.NaN)}`
    : 'No trial won';
  const inOrder = { ...data, trials: trials.toSorted((a, b) => a.number - b.number) };
  const body = html`<header><div><div class="top"><h1>${name(root)}</h1><span class="small">Whippet tuning</span></div></div></header>
<main><section><h2>${headline}</h2>
<p class="lead">${search} The figure of the winner flatters, as valid chose it: <code>whippet evaluate</code> on the test split does not.</p>
<figure><figcaption>The objective of each trial, and the best so far</figcaption>${trialsOverTime(inOrder)}</figure></section>
<section><h2>What the good trials share</h2>
<p class="lead">A line per trial, from its parameters to its objective: the stronger, the better; the winner in orange.</p>
<figure>${parallelCoordinates(inOrder)}</figure></section>
<section><h2>How they got there</h2>
<figure><figcaption>The objective by epoch; a line ends where its trial did</figcaption>${trialCurves(inOrder)}</figure></section>
<section><h2>All trials</h2><div class="scroll"><table>
<thead><tr><th class="r">trial</th>${parameters.map((parameter) => html`<th class="r">${parameter.name}</th>`)}<th class="r">${objective.name}</th><th>ended</th><th class="r">time</th></tr></thead>
<tbody>${trials.map(
    (trial) =>
      html`<tr><td class="r">${trial.number}</td>${trial.values.map((value) => html`<td class="r">${value}</td>`)}<td class="r">${trial.value === undefined ? '–' : objective.format(trial.value)}</td><td>${trial.ended}${trial.isWinner && html` <span class="tag">winner</span>`}</td><td class="r">${seconds(trial.seconds)}</td></tr>`,
  )}</tbody></table></div></section></main>`;
  return renderPage({ title: `${root} · Whippet tuning`, body });
}
