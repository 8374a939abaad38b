import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { shown } from '../number-text.ts';
import { numberOf } from '../parameter.ts';
import { lossRegex, matchesLoss } from './losses.ts';

/**
 * "The maximum ratio of the difference between the mean validation loss and mean training loss to the mean training loss. If this
 * threshold is exceeded for a patience number of steps, the model is being overfit and the rule returns True."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/overfit.html
 */
export const overfit: RuleDefinition = {
  name: 'Overfit',
  kind: 'debugger',
  fires: '(validation loss − training loss) ÷ training loss is above `ratio_threshold` for `patience` steps in a row',
  here: 'Validation is measured after epochs, so the steps that patience counts are epochs. A head on frozen features fits its training pictures nearly perfectly: with the default ratio this fires on most good models. Judge by whether the validation loss rises.',
  parameters: [
    lossRegex,
    {
      name: 'start_step',
      type: 'integer',
      default: 0,
      minimum: 0,
      meaning: 'epochs that end before this step are let pass',
    },
    {
      name: 'patience',
      type: 'integer',
      default: 1,
      minimum: 1,
      meaning: 'so many epochs in a row must be above the ratio',
    },
    { name: 'ratio_threshold', type: 'number', default: 0.1, minimum: 0, meaning: 'the ratio that is still fine' },
  ],
  create(settings) {
    const [startStep, patience] = [numberOf(settings, 'start_step'), numberOf(settings, 'patience')];
    const threshold = numberOf(settings, 'ratio_threshold');
    const watches = matchesLoss(settings);
    const findings = createFindings({ rule: 'Overfit', extreme: 'highest' });
    let inRow = 0;
    let lowest = Number.POSITIVE_INFINITY;
    return {
      observe(record) {
        if (!watches || record.kind !== 'epoch' || record.step < startStep) return [];
        const { epoch, step, trainLoss, validLoss } = record;
        const ratio = (validLoss - trainLoss) / trainLoss;
        inRow = ratio > threshold ? inRow + 1 : 0;
        const rises = validLoss > lowest;
        lowest = Math.min(lowest, validLoss);
        if (inRow < patience) return [];
        return findings.report('losses', {
          ...{ step, tensor: 'losses/loss', value: ratio, threshold, advice: adviceFor(rises) },
          message: `After epoch ${epoch} the validation loss (${shown(validLoss)}) was ${aboveBy(ratio, trainLoss)}.`,
        });
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};

function aboveBy(ratio: number, trainLoss: number): string {
  if (!Number.isFinite(ratio)) return `above the training loss, which was ${shown(trainLoss)}`;
  return `${shown(ratio)} times the training loss (${shown(trainLoss)}) above it`;
}

function adviceFor(rises: boolean): string {
  return rises
    ? 'The validation loss rises: raise weight_decay, use fewer epochs or a smaller patience, add training pictures, or views such as center,flip.'
    : 'The validation loss still falls, so training helps: a gap alone is usual for a head on frozen features. If you want it narrower, raise weight_decay, or add training pictures or views.';
}
