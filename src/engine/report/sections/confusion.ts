import { clusteredOrder } from '../charts/class-order.ts';
import { confusionMarkup } from '../charts/confusion-map.ts';
import { count } from '../format.ts';
import { type Html, html, jsonBlock, name, trusted } from '../html.ts';
import { leading, type ReportData, type ReportedPicture } from '../report-data.ts';
import { thumbnailButton } from './pictures.ts';

const pairsShown = 20;
const examplesPerPair = 3;

export function confusionSection(data: ReportData): Html {
  const { evaluation, split } = leading(data);
  const { classes, perClass, confusion } = evaluation;
  const support = perClass.map((score) => score.support);
  const order = clusteredOrder(confusion, support);
  const width = Math.min(1072, Math.max(440, 220 + 44 * classes.length));
  const largestFont = Math.round(13 * (1072 / width));
  const view = { names: classes, support, cells: confusion, order, largestFont };
  const recall = perClass.map((score) => score.recall?.value ?? 2);
  const wrong = evaluation.pictures - Math.round(evaluation.top1.value * evaluation.pictures);
  return html`<section id="confusion"><h2>Confusions</h2>
<p class="lead">What each class was called, on ${split}. Recognised pictures lie on the diagonal; the ${count(wrong)} mistakes lie beside it. Classes that are taken for one another stand together.</p>
<div class="tools"><label>Order <select id="map-order"><option value="cluster">by confusion</option><option value="name">by name</option><option value="worst">worst first</option></select></label>
<button type="button" id="map-in" aria-label="Zoom in">+</button><button type="button" id="map-out" aria-label="Zoom out">−</button><button type="button" id="map-all">All</button>
<input id="map-find" list="class-names" placeholder="Go to a class…" aria-label="Go to a class"><datalist id="class-names">${classes.map((label) => html`<option value="${label}"></option>`)}</datalist></div>
<div class="map-frame"><div class="scroll"><svg id="confusion-map" class="map" style="max-width:${width}px;min-width:${Math.min(width, 620)}px" viewBox="0 0 1000 1000" role="img" tabindex="0" aria-label="Confusion map of ${classes.length} classes. The table of confused pairs below has its largest entries.">${trusted(confusionMarkup({ ...view, left: 0, top: 0, span: classes.length }))}</svg></div>
<p class="readout" id="confusion-readout" aria-live="polite">Point at a cell to read it. Double-click zooms in; drag or use the arrow keys to move.</p>
<div class="legend"><span>${ramp('hit')}recognised, share of the class</span><span>${ramp('miss')}mistaken, share of the class (4 % to 75 %)</span></div></div>
${jsonBlock('confusion-data', { ...view, recall })}
${pairsTable(data)}</section>`;
}

function ramp(kind: 'hit' | 'miss'): Html {
  return html`<svg viewBox="0 0 126 12" aria-hidden="true">${[0, 1, 2, 3, 4, 5, 6].map((level) => html`<rect class="${kind}-${level}" x="${level * 18}" width="18" height="12"/>`)}</svg>`;
}

function pairsTable(data: ReportData): Html {
  const { evaluation } = leading(data);
  const { classes, perClass, confusedPairs } = evaluation;
  if (confusedPairs.length === 0) return html`<h3>Most confused pairs</h3><p>None: there is no mistake.</p>`;
  const examples = examplesByPair([...data.topLosses, ...(data.mistakes ?? [])]);
  const withPictures = data.pictures !== false && examples.size > 0;
  const direction = (actual: number, called: number, pictures: number): Html | false =>
    pictures > 0 &&
    html`<div>${count(pictures)} of ${count(perClass[actual]?.support ?? 0)} <small>${name(classes[actual] ?? '')} called ${name(classes[called] ?? '')}</small></div>`;
  return html`<h3>Most confused pairs</h3><div class="scroll"><table><thead><tr><th>Classes</th><th class="r">Mistakes</th><th>In which direction</th>${withPictures && html`<th>Examples</th>`}</tr></thead><tbody>
${confusedPairs
  .slice(0, pairsShown)
  .map(
    ({ first, second, firstAsSecond, secondAsFirst }) =>
      html`<tr><td>${name(classes[first] ?? '')}<br>${name(classes[second] ?? '')}</td><td class="r">${count(firstAsSecond + secondAsFirst)}</td><td>${direction(first, second, firstAsSecond)}${direction(second, first, secondAsFirst)}</td>${
        withPictures &&
        html`<td><div class="pair-pictures">${(examples.get(pairKey(first, second)) ?? [])
          .slice(0, examplesPerPair)
          .map((picture) => thumbnailButton(picture, data))}</div></td>`
      }</tr>`,
  )}</tbody></table></div>`;
}

function pairKey(a: number, b: number): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Each picture once, with those that have a thumbnail. */
function examplesByPair(pictures: readonly ReportedPicture[]): Map<string, ReportedPicture[]> {
  const found = new Map<string, ReportedPicture[]>();
  const seen = new Set<string>();
  for (const picture of pictures) {
    if (picture.thumbnail === undefined || picture.label === picture.predicted || seen.has(picture.name)) continue;
    seen.add(picture.name);
    const key = pairKey(picture.label, picture.predicted);
    found.set(key, [...(found.get(key) ?? []), picture]);
  }
  return found;
}
