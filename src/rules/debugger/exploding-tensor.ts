import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { counted } from '../number-text.ts';
import { flagOf } from '../parameter.ts';
import type { TensorSummary } from '../records.ts';
import { collectionNames, selection, tensorRegex, tensorsOf } from './watched.ts';

/**
 * "Detects whether the tensors emitted during training have non-finite values, either infinite or NaN."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/exploding-tensor.html
 */
export const explodingTensor: RuleDefinition = {
  name: 'ExplodingTensor',
  kind: 'debugger',
  fires: 'a tensor holds NaN or, unless `only_nan`, an infinite value',
  here: 'Gradients, weights, biases, activations and the loss are looked at. Training ends at the first such step, so there is one.',
  parameters: [
    collectionNames,
    tensorRegex,
    { name: 'only_nan', type: 'boolean', default: false, meaning: 'infinite values are let pass' },
  ],
  create(settings) {
    const onlyNan = flagOf(settings, 'only_nan');
    const selects = selection(settings);
    const findings = createFindings({ rule: 'ExplodingTensor', extreme: 'highest' });
    return {
      observe(record) {
        if (record.kind !== 'step') return [];
        const { step, loss } = record;
        const all = [...tensorsOf(record), { collection: 'losses', name: 'losses/loss', summary: scalarSummary(loss) }];
        return all.filter(selects).flatMap(({ name, summary: { nan, infinite, elements } }) => {
          const value = onlyNan ? nan : nan + infinite;
          if (!(value > 0)) return [];
          return findings.report(name, {
            ...{ step, tensor: name, value, threshold: 0 },
            message: `${name} held ${counted(nan, 'NaN value')} and ${counted(infinite, 'infinite value')} of ${elements} at step ${step}.`,
            advice:
              'Lower learning_rate (a tenth of it is a good next try), leave standardize on, or take adamw instead of sgd.',
          });
        });
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};

function scalarSummary(value: number): TensorSummary {
  const nan = Number.isNaN(value) ? 1 : 0;
  return {
    ...{ elements: 1, mean: value, absoluteMean: Math.abs(value), variance: 0, minimum: value, maximum: value },
    ...{ nan, infinite: nan === 0 && !Number.isFinite(value) ? 1 : 0, inactive: value > 0 ? 0 : 1 },
  };
}
