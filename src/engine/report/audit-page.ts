import { percent } from './format.ts';
import { type Html, html, name } from './html.ts';
import { renderPage } from './page.ts';
import type { ReportedPicture } from './report-data.ts';
import { safeDataUri } from './sections/pictures.ts';

export interface AuditPageData {
  /** What was audited: the data set's folder. */
  readonly root: string;
  readonly classes: readonly string[];
  readonly judged: number;
  /** Most suspect first; `predicted` is the class suggested instead. */
  readonly suspects: readonly ReportedPicture[];
}

/** Suspected wrong labels as one HTML file that fetches nothing. */
export function renderAudit({ root, classes, judged, suspects }: AuditPageData): string {
  const item = (picture: ReportedPicture): Html => {
    const source = safeDataUri(picture.thumbnail);
    return html`<li>${source ? html`<div class="thumb"><img src="${source}" alt="" loading="lazy"></div>` : html`<div class="thumb" aria-hidden="true"></div>`}<div class="caption"><b>${name(classes[picture.label] ?? '')}</b> ${percent(picture.labelProbability)}<br><span class="was">more likely ${name(classes[picture.predicted] ?? '')}</span> ${percent(picture.predictedProbability)}<br><span class="file" title="${picture.name}">${name(picture.name)}</span></div></li>`;
  };
  const body = html`<header><div><div class="top"><h1>${name(root)}</h1><span class="small">Whippet label audit</span></div></div></header>
<main><section><h2>${suspects.length} of ${judged} labels are doubtful</h2>
<p class="lead">Each label was judged by a model trained on the other pictures (five folds). Listed are those that confident learning (Northcutt et al. 2021, arXiv 1911.00068) counts as wrong, most suspect first. Look before changing any: hard pictures gather here as well.</p>
<ul class="gallery">${suspects.map(item)}</ul></section></main>`;
  return renderPage({ title: `${root} · Whippet label audit`, body });
}
