import { type ClassScore, smallSupport } from '../../evaluation/classes.ts';
import type { Evaluation } from '../../evaluation/evaluate.ts';
import type { Estimate } from '../../evaluation/statistics.ts';
import { at } from '../charts/axes.ts';
import { count, percent, percentRange } from '../format.ts';
import { type Html, html, name } from '../html.ts';
import { leading, type ReportData } from '../report-data.ts';

export function classesSection(data: ReportData): Html {
  const { evaluation, split } = leading(data);
  const train = data.manifest.data.counts.train;
  const small = evaluation.perClass.filter((score) => score.smallSample).length;
  const allSmall = small === evaluation.perClass.length;
  const taken = takenFor(evaluation);
  const order = [...evaluation.perClass.keys()].sort(
    (a, b) => (evaluation.perClass[a]?.f1?.value ?? 2) - (evaluation.perClass[b]?.f1?.value ?? 2) || a - b,
  );
  return html`<section id="classes"><h2>Classes</h2>
<p class="lead">On ${split}, lowest F1 first. Recall: of the pictures of a class, the share that was recognised. Precision: of the pictures called so, the share that was right. Bands are 95 % intervals.${
    small > 0 &&
    ` Greyed: ${allSmall ? 'all classes have' : `${count(small)} of ${count(evaluation.perClass.length)} classes have`} fewer than ${smallSupport} pictures here, so one picture more or less moves their numbers by ten points and more.`
  }</p>
<div class="tools"><input id="class-search" type="search" placeholder="Find a class…" aria-label="Find a class"></div>
<div class="scroll"><table class="sortable" id="classes-table"><thead><tr><th>Class</th><th class="r">Pictures</th>${train && html`<th class="r hide-small">In train</th>`}<th class="r">Recall</th><th class="r hide-small">Precision</th><th class="r" aria-sort="ascending">F1</th><th class="hide-small">Mostly taken for</th></tr></thead><tbody>
${order.map((c) => row(evaluation.perClass[c]!, { train: train?.[c], taken: taken.get(c), allSmall }))}</tbody></table></div></section>`;
}

interface Surroundings {
  readonly train: number | undefined;
  readonly taken: string | undefined;
  /** A tag that every row has tells nothing. */
  readonly allSmall: boolean;
}

function row(score: ClassScore, { train, taken, allSmall }: Surroundings): Html {
  const tagged = score.smallSample && !allSmall;
  return html`<tr${score.smallSample && html` class="few"`}><td>${name(score.name)}${tagged && html`<span class="tag" title="fewer than ${smallSupport} pictures">few</span>`}</td><td class="r">${count(score.support)}</td>${train !== undefined && html`<td class="r hide-small">${count(train)}</td>`}${cell(score.recall, true)}${cell(score.precision, false)}<td class="r" data-v="${score.f1?.value ?? ''}">${score.f1 ? percent(score.f1.value) : '–'}</td><td class="hide-small">${taken !== undefined && name(taken)}</td></tr>`;
}

function cell(estimate: Estimate | undefined, always: boolean): Html {
  const hidden = always ? '' : ' hide-small';
  if (!estimate) return html`<td class="r${hidden}" data-v="">–</td>`;
  return html`<td class="r${hidden}" data-v="${estimate.value}" title="${percentRange(estimate)}"><span class="measure">${percent(estimate.value)}${meter(estimate)}</span></td>`;
}

function meter({ value, low, high }: Estimate): Html {
  return html`<svg class="meter" viewBox="0 0 120 14" preserveAspectRatio="none" aria-hidden="true"><rect class="m-track" y="4" width="120" height="6" rx="3"/><rect class="m-band" x="${at(low * 120)}" y="4" width="${at((high - low) * 120)}" height="6"/><rect class="m-value" x="${at(Math.min(117, Math.max(0, value * 120 - 1.5)))}" y="1" width="3" height="12" rx="1"/></svg>`;
}

/** By class, what most of its mistakes were called. */
function takenFor({ confusion, classes }: Evaluation): Map<number, string> {
  const most = new Map<number, readonly [called: number, pictures: number]>();
  for (const [actual, called, pictures] of confusion) {
    if (actual !== called && pictures > (most.get(actual)?.[1] ?? 0)) most.set(actual, [called, pictures]);
  }
  return new Map(
    [...most].map(([actual, [called, pictures]]) => [actual, `${classes[called] ?? ''} (${count(pictures)})`]),
  );
}
