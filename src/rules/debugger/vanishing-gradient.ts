import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { numberOf } from '../parameter.ts';

/**
 * "If the mean of the absolute values of the gradients drops below a specified threshold, the rule returns True."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/vanishing-gradient.html
 */
export const vanishingGradient: RuleDefinition = {
  name: 'VanishingGradient',
  kind: 'debugger',
  fires: 'the mean of the absolute values of a gradient is below the threshold',
  here: 'Looks at every gradient of the head at every step; the backbone is frozen and has none.',
  parameters: [
    { name: 'threshold', type: 'number', default: 1e-7, minimum: 0, meaning: 'below it a gradient counts as vanished' },
  ],
  create(settings) {
    const threshold = numberOf(settings, 'threshold');
    const findings = createFindings({ rule: 'VanishingGradient', extreme: 'lowest' });
    return {
      observe(record) {
        if (record.kind !== 'step') return [];
        return Object.entries(record.gradients).flatMap(([tensor, { absoluteMean }]) =>
          absoluteMean < threshold
            ? findings.report(tensor, {
                step: record.step,
                tensor: `gradient/${tensor}`,
                value: absoluteMean,
                threshold,
                message: `The mean absolute gradient of ${tensor} fell to ${absoluteMean.toExponential(2)} at step ${record.step}: nothing is learnt there any more.`,
                advice:
                  absoluteMean === 0
                    ? 'A gradient of exactly 0 means that this part of the head is not reached: units that are all silent, or a single class. Lower learning_rate, or leave out the hidden layer.'
                    : 'If the loss is low, training is done: use fewer epochs or early stopping. If it is not, raise learning_rate, or look for features that are all alike.',
              })
            : [],
        );
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};
