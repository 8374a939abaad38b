import { splits } from '../../dataset/dataset.ts';
import { classBalance } from '../charts/class-balance.ts';
import { count, counted } from '../format.ts';
import { type Html, html, name } from '../html.ts';
import type { Finding, RefusedPicture, ReportData } from '../report-data.ts';

const filesShown = 100;

export function dataSection(data: ReportData): Html {
  const { counts } = data.manifest.data;
  const train = counts.train ?? [];
  return html`<section id="data"><h2>Data</h2>
<p class="lead">${imbalance(train)}</p>
<div class="grid two"><div><div class="scroll"><table><thead><tr><th>Split</th><th class="r">Pictures</th><th class="r">Classes</th><th class="r">Fewest</th><th class="r">Median</th><th class="r">Most</th></tr></thead><tbody>
${splits.map((split) => {
  const each = counts[split];
  if (!each) return false;
  const sorted = [...each].sort((a, b) => a - b);
  return html`<tr><td>${split}</td><td class="r">${count(sum(each))}</td><td class="r">${count(each.filter((n) => n > 0).length)}</td><td class="r">${count(sorted[0] ?? 0)}</td><td class="r">${count(sorted[Math.floor(sorted.length / 2)] ?? 0)}</td><td class="r">${count(sorted.at(-1) ?? 0)}</td></tr>`;
})}</tbody></table></div></div>
<div>${findings(data)}</div></div>
${train.length > 0 && html`<figure><figcaption>Training pictures per class, most first</figcaption>${classBalance(data.manifest.labels, train)}</figure>`}
${refused(data.refused, data.pictures !== false)}</section>`;
}

function imbalance(train: readonly number[]): string {
  const filled = train.filter((n) => n > 0);
  if (filled.length === 0) return 'How the pictures are spread over splits and classes.';
  const ratio = Math.max(...filled) / Math.min(...filled);
  const even =
    ratio < 1.5 ? 'evenly' : `unevenly (the largest class has ${ratio.toFixed(1)} times the pictures of the smallest)`;
  return `${count(sum(train))} training pictures are spread ${even} over ${counted(filled.length, 'class')}.`;
}

function findings({ findings: found, pictures }: ReportData): Html {
  if (found.length === 0) return html`<p class="note plain">The check of the data set has found nothing wrong.</p>`;
  return html`${found.map((finding) => findingNote(finding, pictures !== false))}`;
}

function findingNote({ severity, summary, files = [] }: Finding, named: boolean): Html {
  const kind = severity === 'error' ? 'error' : severity === 'note' ? 'plain' : '';
  return html`<div class="note ${kind}"><b>${severity}</b>: ${summary}${
    named &&
    files.length > 0 &&
    html`<details><summary>${counted(files.length, 'file')}</summary><ul>${files.slice(0, filesShown).map((file) => html`<li>${name(file)}</li>`)}${more(files.length)}</ul></details>`
  }</div>`;
}

function more(files: number): Html | false {
  return files > filesShown && html`<li>and ${count(files - filesShown)} more</li>`;
}

function refused(pictures: readonly RefusedPicture[], named: boolean): Html {
  if (pictures.length === 0) return html`<p class="small">Every file could be read.</p>`;
  const codes = new Map<string, number>();
  for (const { code } of pictures) codes.set(code, (codes.get(code) ?? 0) + 1);
  const summary = html`${counted(pictures.length, 'file')} could not be used: ${[...codes].map(([code, n]) => `${code} ${count(n)}×`).join(', ')}`;
  // A message names its file.
  if (!named) return html`<p class="note">${summary}.</p>`;
  return html`<details><summary>${summary}</summary><div class="scroll"><table><thead><tr><th>File</th><th>Reason</th></tr></thead><tbody>${pictures
    .slice(0, filesShown)
    .map(({ name: file, message }) => html`<tr><td>${name(file)}</td><td>${message}</td></tr>`)}</tbody></table></div>${
    pictures.length > filesShown && html`<p class="small">and ${count(pictures.length - filesShown)} more</p>`
  }</details>`;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
