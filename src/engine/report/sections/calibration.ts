import { calibrationPlot } from '../charts/calibration-plot.ts';
import { count, nats, natsRange, percent, percentRange, plain } from '../format.ts';
import { type Html, html } from '../html.ts';
import { leading, type ReportData } from '../report-data.ts';

export function calibrationSection(data: ReportData): Html {
  const { evaluation, split } = leading(data);
  const { calibration, crossEntropy, rawCrossEntropy, temperature, pictures } = evaluation;
  const { ece, rawEce, perfectEce, withinBand } = calibration;
  return html`<section id="calibration"><h2>Calibration</h2>
<p class="lead">Of the pictures the model is 70 % sure of, 70 in 100 should be right: points on the dashed line. A point within its shaded box is as near as chance lets a perfectly calibrated model be.</p>
<div class="grid split"><figure>${calibrationPlot(calibration)}</figure>
<div><p>${
    withinBand
      ? html`<b>Well calibrated.</b> The calibration error on ${split} is ${percent(ece)}; even a perfectly calibrated model would show ${percentRange(perfectEce)} on ${count(pictures)} pictures.`
      : html`<b>Not well calibrated.</b> The calibration error on ${split} is ${percent(ece)}, more than the ${percentRange(perfectEce)} that a perfectly calibrated model would show on ${count(pictures)} pictures.`
  }</p>
<table class="key"><thead><tr><th></th><th class="r">raw</th><th class="r">scaled</th></tr></thead><tbody>
<tr><td>Cross-entropy</td><td class="r">${nats(rawCrossEntropy.value)}<br><small>${natsRange(rawCrossEntropy)}</small></td><td class="r">${nats(crossEntropy.value)}<br><small>${natsRange(crossEntropy)}</small></td></tr>
<tr><td>Calibration error</td><td class="r">${percent(rawEce)}</td><td class="r">${percent(ece)}</td></tr>
<tr><td>Temperature</td><td class="r">1</td><td class="r">${plain(temperature)}</td></tr></tbody></table>
<p class="small">Temperature scaling divides all scores by one number, fitted on valid; it changes probabilities and never the order of classes (Guo et al. 2017). Error: 15 bins of equal width.</p></div></div></section>`;
}
