import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { shown } from '../number-text.ts';
import { numberOf } from '../parameter.ts';
import type { StepRecord } from '../records.ts';

/**
 * "If the mean of the absolute values of the gradients drops below a specified threshold, the rule returns True."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/vanishing-gradient.html
 */
export const vanishingGradient: RuleDefinition = {
  name: 'VanishingGradient',
  kind: 'debugger',
  fires: 'the mean of the absolute values of a gradient is below `threshold`',
  here: 'Every gradient of the head is looked at, at every recorded step after its first: where weights begin as zeros, a gradient that flows through them begins as zero, too. The backbone is frozen and has no gradients.',
  parameters: [
    { name: 'threshold', type: 'number', default: 1e-7, minimum: 0, meaning: 'below it a gradient counts as vanished' },
  ],
  create(settings) {
    const threshold = numberOf(settings, 'threshold');
    const findings = createFindings({ rule: 'VanishingGradient', extreme: 'lowest' });
    let known: ReadonlySet<string> = new Set();
    return {
      observe(record) {
        if (record.kind !== 'step') return [];
        const { step } = record;
        const before = known;
        known = new Set(Object.keys(record.gradients));
        return Object.entries(record.gradients).flatMap(([name, { absoluteMean: value }]) =>
          before.has(name) && value < threshold
            ? findings.report(name, {
                ...{ step, tensor: `gradients/${name}`, value, threshold, advice: adviceFor(value, record) },
                message: `The mean absolute gradient of ${name} fell to ${shown(value)} at step ${step}: next to nothing is learnt there any more.`,
              })
            : [],
        );
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};

/** Below it every picture of a batch is as certain as float32 tells. */
const noLoss = 1e-6;

function adviceFor(value: number, { loss, activations }: StepRecord): string {
  if (loss < noLoss) {
    return 'The loss of the batch is next to 0 as well: its pictures are learnt, and training is done. Fewer epochs, or early stopping by patience, give the same model.';
  }
  return value === 0 && 'units' in activations
    ? 'A gradient of exactly 0 means that this part of the head is out of reach: units that are all silent. Lower learning_rate, or leave out the hidden layer.'
    : 'If the loss is low by now, training is done: fewer epochs, or early stopping by patience, give the same model. If it is not, raise learning_rate.';
}
