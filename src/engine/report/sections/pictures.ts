import { percent, shortDigest } from '../format.ts';
import { type Html, html, name } from '../html.ts';
import { leading, type ReportData, type ReportedPicture } from '../report-data.ts';

export function picturesSection(data: ReportData): Html | undefined {
  const { split } = leading(data);
  if (data.topLosses.length === 0 && data.suspectedLabels === undefined) return undefined;
  return html`<section id="pictures"><h2>Pictures worth a look</h2>
${data.pictures === false && html`<p class="note plain">Pictures and file names are left out of this report. The code under each entry is the start of the file’s SHA-256: whoever has the files can find it.</p>`}
${
  data.topLosses.length > 0 &&
  html`<h3>Highest loss</h3><p class="lead">The ${split} pictures to whose true class the model gave the least probability. Wrong labels, several subjects and bad crops gather here.</p>${gallery(data.topLosses, data)}`
}
${data.suspectedLabels !== undefined && suspects(data.suspectedLabels, data)}</section>`;
}

function suspects(pictures: readonly ReportedPicture[], data: ReportData): Html {
  if (pictures.length === 0) return html`<h3>Suspected labels</h3><p>None of the training labels looks wrong.</p>`;
  return html`<h3>Suspected labels</h3><p class="lead">Training pictures whose label a model trained without them finds least likely, most suspect first. Look before changing any: hard pictures gather here as well.</p>${gallery(pictures, data)}`;
}

function gallery(pictures: readonly ReportedPicture[], data: ReportData): Html {
  return html`<ul class="gallery">${pictures.map(
    (picture) =>
      html`<li>${thumbnailButton(picture, data)}<div class="caption"><b>${className(data, picture.label)}</b> ${percent(picture.labelProbability)}<br>${called(picture, data)}<br>${shownName(picture, data)}</div></li>`,
  )}</ul>`;
}

function called({ label, predicted, predictedProbability }: ReportedPicture, data: ReportData): Html {
  if (label === predicted) return html`<span class="right">rightly called so</span>`;
  return html`<span class="was">called ${className(data, predicted)}</span> ${percent(predictedProbability)}`;
}

/** A picture that enlarges when clicked; a plain frame where there is none to show. */
export function thumbnailButton(picture: ReportedPicture, data: ReportData): Html | false {
  if (data.pictures === false) return false;
  const source = safeDataUri(picture.thumbnail);
  if (source === undefined) return html`<div class="thumb" aria-hidden="true"></div>`;
  const label = data.manifest.labels[picture.label] ?? '';
  const predicted = data.manifest.labels[picture.predicted] ?? '';
  const alt = `${picture.name}: labelled ${label} (${percent(picture.labelProbability)}), called ${predicted} (${percent(picture.predictedProbability)})`;
  return html`<button type="button" class="thumb"><img src="${source}" alt="${alt}" loading="lazy"></button>`;
}

/** Only base64 of formats that browsers decode as pictures and nothing else: an SVG could carry more. */
export function safeDataUri(uri: string | undefined): string | undefined {
  return uri !== undefined && /^data:image\/(?:jpeg|png|webp);base64,[A-Za-z0-9+/]+={0,2}$/.test(uri) ? uri : undefined;
}

function className(data: ReportData, label: number): Html {
  return name(data.manifest.labels[label] ?? '');
}

/** The folders are mostly the class again: the last part is enough, the rest is in the title. */
function shownName(picture: ReportedPicture, data: ReportData): Html {
  if (data.pictures === false) return html`<code class="file">${shortDigest(picture.digest)}</code>`;
  return html`<span class="file" title="${picture.name}">${name(picture.name.split('/').at(-1) ?? '')}</span>`;
}
