import { percent } from '../report/format.ts';
import { type Html, html, name } from '../report/html.ts';
import { renderPage } from '../report/page.ts';
import type { ExplainedClass, ExplainedNeighbour, Explanation } from './explanation.ts';
import { inferno } from './overlay.ts';

const rankedShown = 5;
/** Valid pictures are above this one time in twenty. */
const unusual = 95;

/** The explanation as one HTML file that fetches nothing and needs no script. */
export function renderExplanation(explanation: Explanation): string {
  const { source, ranked, maps, method, neighbours, photo, model } = explanation;
  const best = ranked[0];
  const body = html`<header><div>
<div class="top"><h1>${name(source)}</h1><span class="small">Whippet explanation · model <code>${model.slice(0, 12)}</code></span></div>
<div class="grid two" style="padding-top:28px">
<figure><img class="photo" src="${dataUri('jpeg', photo)}" alt="The picture"></figure>
<div><p class="verdict" style="margin-bottom:4px">${best && name(best.label)}</p><div class="figure" style="font-size:3rem">${percent(best?.probability ?? 0)}</div>
${rankedTable(explanation)}
${noveltyNote(explanation.novelty)}</div></div></div></header>
<main><section><h2>Where it looked</h2><p class="lead">${method} ${maps.length > 0 && 'Each map is stretched from its own lowest to its highest place. What is grey was cropped away: the model has not seen it.'}</p>
${maps.length > 0 && html`<div class="legend" style="margin:0 0 18px">${legend()}</div><div class="maps">${maps.map(mapFigure)}</div>`}</section>
<section><h2>What it resembles</h2>${resemblance(neighbours, best?.label)}
<ul class="gallery">${neighbours.map((neighbour) => neighbourItem(neighbour, best?.label))}</ul></section></main>
<footer>Similarity is the cosine of the standardised features of the backbone. ${maps[0] && sumNote(maps[0])}</footer>
<style>.photo{display:block;max-width:100%;max-height:460px;border-radius:12px}.maps{display:grid;gap:20px;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr))}.maps img{display:block;width:100%;max-width:520px;border-radius:12px}</style>`;
  return renderPage({ title: `${source} · Whippet explanation`, body });
}

function dataUri(type: 'jpeg' | 'png', bytes: Uint8Array): string {
  return `data:image/${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}`;
}

function rankedTable({ ranked }: Explanation): Html {
  return html`<table style="margin:14px 0 18px"><tbody>${ranked
    .slice(0, rankedShown)
    .map(
      ({ label, probability }) =>
        html`<tr><td>${name(label)}</td><td class="r">${percent(probability)}</td><td class="r"><svg class="meter" viewBox="0 0 120 14" preserveAspectRatio="none" aria-hidden="true"><rect class="m-track" y="4" width="120" height="6" rx="3"/><rect class="m-value" y="4" width="${(120 * probability).toFixed(1)}" height="6" rx="3"/></svg></td></tr>`,
    )}</tbody></table>`;
}

function noveltyNote(novelty: number): Html {
  const share = `${novelty.toFixed(0)} %`;
  if (novelty < unusual)
    return html`<p class="note plain">Novelty ${share}: it is not unlike the pictures the model was trained on.</p>`;
  return html`<p class="note">Novelty ${share}: of the held-out pictures, ${share} were more like the training pictures. It may show something that is none of the classes.</p>`;
}

function legend(): Html {
  const step = 126 / inferno.length;
  return html`<span><svg viewBox="0 0 126 12" aria-hidden="true">${inferno.map(
    (rgb, i) =>
      html`<rect x="${i * step}" width="${step + 0.3}" height="12" fill="rgb(${rgb.join(',')})" opacity="${0.25 + (0.75 * i) / 8}"/>`,
  )}</svg>from least to most evidence for the class</span>`;
}

function mapFigure({ label, probability, overlay }: ExplainedClass): Html {
  const alt = `Where the evidence for ${label} lies`;
  return html`<figure><figcaption>for <b>${name(label)}</b>, ${percent(probability)}</figcaption><img src="${dataUri('png', overlay)}" alt="${alt}"></figure>`;
}

function resemblance(neighbours: readonly ExplainedNeighbour[], answer: string | undefined): Html {
  if (neighbours.length === 0) return html`<p class="lead">This model keeps no index of its training pictures.</p>`;
  const same = neighbours.filter(({ label }) => label === answer).length;
  return html`<p class="lead">The training pictures that are most alike to the backbone, nearest first. ${same} of ${neighbours.length} are of the class it names.</p>`;
}

function neighbourItem(
  { label, similarity, name: file, digest, thumbnail }: ExplainedNeighbour,
  answer: string | undefined,
): Html {
  const picture = thumbnail
    ? html`<div class="thumb"><img src="${dataUri('jpeg', thumbnail)}" alt="${file ?? ''}"></div>`
    : html`<div class="thumb" aria-hidden="true"></div>`;
  const kind = label === answer ? 'right' : 'was';
  return html`<li>${picture}<div class="caption"><b class="${kind}">${name(label)}</b><br>similarity ${similarity.toFixed(2)}<br><span class="file" title="${file ?? digest}">${name(file?.split('/').at(-1) ?? digest.slice(0, 12))}</span></div></li>`;
}

function sumNote({ values, offset, logit, label }: ExplainedClass): Html {
  const places = values.reduce((sum, value) => sum + value, 0);
  return html`For ${name(label)}: places ${places.toFixed(3)} + remainder ${offset.toFixed(3)} = score ${logit.toFixed(3)}.`;
}
