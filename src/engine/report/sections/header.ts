import type { Evaluation } from '../../evaluation/evaluate.ts';
import { intervalRuler } from '../charts/interval-ruler.ts';
import { count, counted, inWords, nats, natsRange, percent, percentRange } from '../format.ts';
import { type Html, html, name } from '../html.ts';
import { leading, type ReportData } from '../report-data.ts';
import { warningsOf } from '../warnings.ts';

export function headerSection(data: ReportData): Html {
  const { split, evaluation } = leading(data);
  const { top1, chance } = evaluation;
  const [whole, fraction] = (100 * top1.value).toFixed(1).split('.');
  return html`<header><div>
<div class="top"><h1>${name(data.title)}</h1><span class="small">Whippet report · ${data.createdAt.slice(0, 16).replace('T', ' ')} UTC · model <code>${data.manifest.digest.slice(0, 12)}</code></span></div>
<div class="hero">
<div><div class="figure">${whole}.${fraction}<sup>%</sup></div><div class="of">right on <b>${split}</b>, ${counted(evaluation.pictures, 'picture')}</div></div>
${intervalRuler(top1, Math.max(chance.largestClass, chance.uniform))}
</div>
<p class="verdict">${verdict(evaluation, split)}</p>
${cards(data)}
${warningsOf(data).map(({ text, loud }) => html`<p class="note ${loud ? 'error loud' : ''}" role="note">${text}</p>`)}
</div></header>`;
}

function verdict(evaluation: Evaluation, split: 'valid' | 'test'): Html {
  const { top1, pictures, chance, aboveChance } = evaluation;
  const right = Math.round(top1.value * pictures);
  const bar = percent(Math.max(chance.largestClass, chance.uniform));
  const seen = split === 'test' ? 'pictures it has never seen' : 'held-out pictures';
  const standing = aboveChance
    ? `Always naming the largest class would get ${bar}.`
    : `That is not above chance: always naming the largest class gets ${bar}.`;
  const caution =
    split === 'valid'
      ? html` The valid split has chosen the best epoch and the temperature, so expect a little less on new pictures; <code>whippet evaluate</code> opens the test split.`
      : '';
  return html`The model names ${inWords(top1.value)} of the ${seen} correctly: ${count(right)} of ${count(pictures)}. On others like them it should be right for <b>${percentRange(top1)}</b> (95 % interval). ${standing} ${trustOf(evaluation)}${caution}`;
}

function trustOf({ calibration }: Evaluation): string {
  if (calibration.withinBand) return 'Its probabilities can be taken at their word.';
  const over = calibration.bins.reduce((sum, bin) => sum + bin.pictures * (bin.confidence - bin.accuracy), 0) > 0;
  return over ? 'It is surer of itself than it should be.' : 'It is less sure of itself than it could be.';
}

function cards(data: ReportData): Html {
  const { evaluation } = leading(data);
  const { top5, macroF1, crossEntropy, rawCrossEntropy, calibration, classes } = evaluation;
  const items: readonly (readonly [string, string, string])[] = [
    [classes.length > 5 ? 'Among the first five' : 'Among all classes', percent(top5.value), percentRange(top5)],
    ['Macro-F1', percent(macroF1.value), percentRange(macroF1)],
    [
      'Cross-entropy, nats',
      nats(crossEntropy.value),
      `${natsRange(crossEntropy)}; ${nats(rawCrossEntropy.value)} before scaling`,
    ],
    ['Calibration error', percent(calibration.ece), `a perfect model: ${percentRange(calibration.perfectEce)}`],
    ['Classes', count(classes.length), `chance ${percent(1 / classes.length)} by blind guessing`],
    data.test
      ? [
          'Test split opened',
          data.test.openings === 1 ? 'once' : `${count(data.test.openings)} times`,
          `valid: ${percent(data.valid.top1.value)}`,
        ]
      : ['Test split', 'not opened', 'by this model’s report'],
  ];
  return html`<dl class="cards">${items.map(([term, value, detail]) => html`<div class="card"><dt>${term}</dt><dd>${value}<small>${detail}</small></dd></div>`)}</dl>`;
}
