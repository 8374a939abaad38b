import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { shown } from '../number-text.ts';
import { numberOf } from '../parameter.ts';

/**
 * Training goes on although losses no longer improve. patience_train and patience_validation are "the number of steps to wait before the
 * training (validation) loss is considered to not to be improving anymore", delta "the minimum threshold by how much the error should
 * improve before it is considered as a new optimum".
 * https://docs.aws.amazon.com/sagemaker/latest/dg/overtraining.html
 */
export const overtraining: RuleDefinition = {
  name: 'Overtraining',
  kind: 'debugger',
  fires:
    'the training loss has not improved by `delta` for `patience_train` steps, or the validation loss for `patience_validation` steps',
  here: 'Both losses are known after epochs, so the steps that patience counts are epochs.',
  parameters: [
    {
      name: 'patience_train',
      type: 'integer',
      default: 5,
      minimum: 1,
      meaning: 'epochs without a better training loss',
    },
    {
      ...{ name: 'patience_validation', type: 'integer', default: 10, minimum: 1 },
      meaning: 'epochs without a better validation loss',
    },
    { name: 'delta', type: 'number', default: 0.01, minimum: 0, meaning: 'an improvement by less than this is none' },
  ],
  create(settings) {
    const delta = numberOf(settings, 'delta');
    const losses = [
      { name: 'training', patience: numberOf(settings, 'patience_train'), ...nothingYet },
      { name: 'validation', patience: numberOf(settings, 'patience_validation'), ...nothingYet },
    ];
    const findings = createFindings({ rule: 'Overtraining', extreme: 'highest' });
    return {
      observe(record) {
        if (record.kind !== 'epoch') return [];
        const { epoch, step } = record;
        return losses.flatMap((loss) => {
          const value = loss.name === 'training' ? record.trainLoss : record.validLoss;
          if (loss.best - value >= delta) Object.assign(loss, { best: value, bestEpoch: epoch });
          const since = epoch - loss.bestEpoch;
          if (since < loss.patience) return [];
          return findings.report(loss.name, {
            ...{ step, tensor: 'losses/loss', value: since, threshold: loss.patience },
            message: `For ${since} epochs the ${loss.name} loss has not improved by ${shown(delta)}: it was ${shown(loss.best)} after epoch ${loss.bestEpoch} and is ${shown(value)} after epoch ${epoch}.`,
            advice: `Further epochs gain nothing: set epochs to about ${loss.bestEpoch}, or patience to stop early. The model that is saved is that of the best epoch in any case.`,
          });
        });
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};

const nothingYet = { best: Number.POSITIVE_INFINITY, bestEpoch: 0 };
