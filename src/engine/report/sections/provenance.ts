import { count, plain, seconds } from '../format.ts';
import { type Content, type Html, html } from '../html.ts';
import type { ReportData } from '../report-data.ts';

export function provenanceSection(data: ReportData): Html {
  const { manifest } = data;
  const { backbone, preprocessing, head } = manifest;
  const total = data.timings.reduce((sum, timing) => sum + timing.seconds, 0);
  return html`<section id="provenance"><h2>How it was made</h2><p class="lead">Everything that the numbers depend on.</p>
<div class="grid two"><div>
<h3>Backbone</h3>${table([
    ['name', html`<code>${backbone.name}</code>`],
    ['pretrained on', backbone.pretrainedOn],
    ['features', count(backbone.dimension)],
    ['place map', backbone.hasMap ? 'yes: predictions can be explained by place' : 'no'],
    [
      'input',
      `${preprocessing.size} × ${preprocessing.size}, ${resizing(preprocessing.resize)}, ${preprocessing.interpolation}`,
    ],
    ['mean, deviation', `${preprocessing.mean.map(plain).join(', ')}; ${preprocessing.std.map(plain).join(', ')}`],
    ['head', `${head.length === 2 ? 'linear' : 'hidden layer'}: ${head.map(count).join(' → ')}`],
  ])}
<h3>Versions</h3>${table(Object.entries(manifest.versions))}</div><div>
<h3>Hyperparameters</h3>${table(Object.entries(manifest.hyperparameters).map(([key, value]) => [key, plain(value)]))}
</div></div>
<h3>Digests</h3>${table([
    ['model', html`<code>${manifest.digest}</code>`],
    ['backbone', html`<code>${backbone.digest}</code>`],
    ...Object.entries(manifest.data.digests).map(
      ([split, digest]) => [`${split} split`, html`<code>${digest}</code>`] as const,
    ),
  ])}
${data.test && html`<p>The test split was opened <b>${data.test.openings === 1 ? 'once' : `${count(data.test.openings)} times`}</b>, this time included, as the ledger of this machine has it.</p>`}
${
  data.timings.length > 0 &&
  html`<h3>Time</h3>${table([...data.timings.map(({ stage, seconds: spent }) => [stage, seconds(spent)] as const), ['together', seconds(total)]])}`
}</section>`;
}

function resizing(resize: number | 'squash'): string {
  return resize === 'squash' ? 'squashed to a square' : `shorter side scaled to ${resize}, centre crop`;
}

function table(rows: readonly (readonly [string, Content])[]): Html {
  return html`<table class="key"><tbody>${rows.map(([key, value]) => html`<tr><td>${key}</td><td>${value}</td></tr>`)}</tbody></table>`;
}
