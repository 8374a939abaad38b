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
    const losses: readonly [Watched, Watched] = [
      { name: 'training', of: 'trainLoss', patience: numberOf(settings, 'patience_train'), ...nothingYet },
      { name: 'validation', of: 'validLoss', patience: numberOf(settings, 'patience_validation'), ...nothingYet },
    ];
    const findings = createFindings({ rule: 'Overtraining', extreme: 'highest' });
    return {
      observe(record) {
        if (record.kind !== 'epoch') return [];
        const { epoch, step } = record;
        for (const loss of losses) {
          const value = record[loss.of];
          if (loss.best - value >= delta) Object.assign(loss, { best: value, bestEpoch: epoch });
        }
        const [, validation] = losses;
        return losses.flatMap((loss) => {
          const since = epoch - loss.bestEpoch;
          if (since < loss.patience) return [];
          return findings.report(loss.name, {
            ...{ step, tensor: 'losses/loss', value: since, threshold: loss.patience },
            message: `For ${since} epochs the ${loss.name} loss has not improved by ${shown(delta)}: it was ${shown(loss.best)} after epoch ${loss.bestEpoch} and is ${shown(record[loss.of])} after epoch ${epoch}.`,
            advice: adviceFor(loss, validation),
          });
        });
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};

interface Watched {
  readonly name: string;
  readonly of: 'trainLoss' | 'validLoss';
  readonly patience: number;
  best: number;
  bestEpoch: number;
}

const nothingYet = { best: Number.POSITIVE_INFINITY, bestEpoch: 0 };

/** The model is that of the best epoch on valid: that alone says what further epochs gain. */
function adviceFor(loss: Watched, validation: Watched): string {
  if (validation.bestEpoch > loss.bestEpoch) {
    return `The validation loss went on to fall, until epoch ${validation.bestEpoch} so far: epochs gain something as long as it does, and patience ends training when it no longer does.`;
  }
  return `Further epochs gain nothing: set epochs to about ${validation.bestEpoch}, or patience to stop early. The model that is saved is that of the best epoch in any case.`;
}
