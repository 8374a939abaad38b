import { accuracyCurve, lossCurve } from '../charts/learning-curves.ts';
import { nats, percent, plain } from '../format.ts';
import { type Html, html } from '../html.ts';
import type { ReportData, ReportedManifest } from '../report-data.ts';

const endings: Record<ReportData['stopped'], string> = {
  completed: 'Training went through all epochs',
  'early-stopping': 'Training stopped early, as the calibrated valid loss no longer fell',
  interrupted: 'Training was interrupted',
  rule: 'Training was stopped by a rule',
  tuning: 'Training was stopped by the search, as other trials did better',
};

export function learningSection({ epochs, bestEpoch, stopped, manifest }: ReportData): Html {
  return html`<section id="learning"><h2>Learning</h2>
<p class="lead">${endings[stopped]} (${epochs.length} ${epochs.length === 1 ? 'epoch' : 'epochs'}). The model is that of epoch ${bestEpoch}, where the valid loss was lowest once confidence is corrected: epochs are compared by the calibrated loss, which is that of the temperature that suits each of them best. The train loss is the mean over the epoch's steps, the valid loss that of the head at the epoch's end${leftOut(manifest)}.</p>
<div class="grid two">
<figure><figcaption>Loss, mean cross-entropy in nats</figcaption>${lossCurve(epochs, bestEpoch)}</figure>
<figure><figcaption>Accuracy on valid</figcaption>${accuracyCurve(epochs, bestEpoch)}</figure>
</div>
<details><summary>All epochs as numbers</summary><div class="scroll"><table><thead><tr><th class="r">epoch</th><th class="r">train loss</th><th class="r">valid loss</th><th class="r">calibrated valid loss</th><th class="r">valid accuracy</th><th class="r">learning rate</th><th class="r">gradient norm</th></tr></thead><tbody>
${epochs.map(
  (epoch) =>
    html`<tr><td class="r">${epoch.epoch}${epoch.epoch === bestEpoch && html` <span class="tag">best</span>`}</td><td class="r">${nats(epoch.trainLoss)}</td><td class="r">${nats(epoch.validLoss)}</td><td class="r">${nats(epoch.calibratedLoss)}</td><td class="r">${percent(epoch.validAccuracy)}</td><td class="r">${plain(epoch.learningRate)}</td><td class="r">${plain(epoch.gradientNorm)}</td></tr>`,
)}</tbody></table></div></details></section>`;
}

/** Of what training optimises beside the cross-entropy, where it does. */
function leftOut({
  hyperparameters: { label_smoothing: smoothing, class_weights: weights },
}: ReportedManifest): string {
  const parts = [Number(smoothing ?? 0) > 0 && 'label smoothing', weights === 'balanced' && 'class weights'];
  const named = parts.filter((part) => part !== false).join(' or ');
  return named === '' ? '' : `; neither has ${named} in it`;
}
