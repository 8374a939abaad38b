import type { RuleDefinition } from '../definition.ts';
import { createFindings, type Findings } from '../findings.ts';
import { shown } from '../number-text.ts';
import { listOf, numberOf, type ParameterDefinition, type Settings } from '../parameter.ts';
import { quantile } from '../quantile.ts';
import type { StepRecord, TensorRecord } from '../records.ts';

const parameters: readonly ParameterDefinition[] = [
  {
    ...{ name: 'activation_inputs_regex', type: 'patterns', default: ['.*relu_input'] },
    meaning:
      'regular expressions over activations: activations/units (the input of the ReLUs, also known as activations/relu_input) and activations/logits',
  },
  {
    ...{ name: 'threshold', type: 'number', default: 10, minimum: 0 },
    meaning: 'largest ÷ smallest variance across layers that is still fine',
  },
  {
    ...{ name: 'distribution_range', type: 'number', default: 0.001, minimum: 0 },
    meaning: 'the least distance between the 5th and the 95th percentile of a gradient',
  },
  {
    name: 'patience',
    type: 'integer',
    default: 5,
    minimum: 1,
    meaning: 'steps without a lower loss that are let pass',
  },
  {
    name: 'steps',
    type: 'integer',
    default: 10,
    minimum: 1,
    maximum: 10_000,
    meaning: 'first steps of the job that are looked at',
  },
];

/**
 * "Checks the variance of activation inputs across layers, the distribution of gradients, and the loss convergence for the initial steps
 * to determine if a neural network has been poorly initialized."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/poor-weight-initialization.html
 */
export const poorWeightInitialization: RuleDefinition = {
  name: 'PoorWeightInitialization',
  kind: 'debugger',
  fires:
    'in the first `steps` steps the variances of layers differ by more than `threshold` times, or the 5th and the 95th percentile of a gradient lie closer than `distribution_range`, or the loss does not fall for `patience` steps',
  here: 'Variances are compared where the expression matches two layers or more; a linear head has one. Percentiles are those of the gradients of weights: of whole ones where they are recorded at these steps; without them the rule fires only when the range of a gradient proves it. A gradient of 0 at step 0 is let pass: with a hidden layer it begins so. Gradients of a head over thousands of features are small by nature: with the default range this fires on many good models.',
  parameters,
  create(settings) {
    const steps = numberOf(settings, 'steps');
    const findings = createFindings({ rule: 'PoorWeightInitialization', extreme: 'highest' });
    const judgeLoss = createLossCheck(numberOf(settings, 'patience'), findings);
    return {
      observe(record) {
        if ((record.kind !== 'step' && record.kind !== 'tensor') || record.step >= steps) return [];
        if (record.kind === 'tensor') return judgeTensor(record, settings, findings);
        return [
          ...judgeVariances(record, settings, findings),
          ...judgeRanges(record, settings, findings),
          ...judgeLoss(record),
        ];
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};

function judgeVariances({ step, activations }: StepRecord, settings: Settings, findings: Findings) {
  const threshold = numberOf(settings, 'threshold');
  const patterns = listOf(settings, 'activation_inputs_regex').map((pattern) => new RegExp(pattern));
  const matched = Object.entries(activations).filter(([name]) =>
    patterns.some((pattern) => namesOf(name).some((known) => pattern.test(known))),
  );
  const variances = matched.map(([, { variance }]) => variance);
  const [largest, smallest] = [Math.max(...variances), Math.min(...variances)];
  const value = largest / smallest;
  if (matched.length < 2 || !(value > threshold)) return [];
  return findings.report('variances', {
    ...{ step, value, threshold },
    message: `At step ${step} the variances of ${matched.map(([name]) => name).join(' and ')} differ by a factor of ${shown(value)} (${shown(smallest)} to ${shown(largest)}).`,
    advice: 'Leave standardize on, lower learning_rate, or take fewer units in the hidden layer.',
  });
}

const namesOf = (name: string) =>
  name === 'units' ? ['activations/units', 'activations/relu_input'] : [`activations/${name}`];

/** The gradient of a bias has as many values as there are classes, and is about 0 while classes are balanced: it says nothing here. */
const isBias = (name: string): boolean => name.startsWith('bias');

/** p95 − p5 is at most maximum − minimum. */
function judgeRanges({ step, gradients }: StepRecord, settings: Settings, findings: Findings) {
  return Object.entries(gradients).flatMap(([name, { minimum, maximum }]) =>
    isBias(name) ? [] : judgeSpread({ step, name, value: maximum - minimum, what: 'whole range' }, settings, findings),
  );
}

function judgeTensor({ step, collection, name, data }: TensorRecord, settings: Settings, findings: Findings) {
  if (collection !== 'gradients' || isBias(name)) return [];
  const sorted = Float64Array.from(data).sort();
  const value = quantile(sorted, 0.95) - quantile(sorted, 0.05);
  return judgeSpread(
    { step, name, value, what: 'distance between the 5th and the 95th percentile' },
    settings,
    findings,
  );
}

function judgeSpread(
  { step, name, value, what }: { step: number; name: string; value: number; what: string },
  settings: Settings,
  findings: Findings,
) {
  const threshold = numberOf(settings, 'distribution_range');
  // The weights behind a hidden layer begin as zeros, so the gradient that flows through them does.
  const hasNotBegun = step === 0 && value === 0;
  if (hasNotBegun || !(value < threshold)) return [];
  return findings.report(`gradients/${name}`, {
    ...{ step, tensor: `gradients/${name}`, value, threshold },
    message: `At step ${step} the ${what} of the gradient of ${name} is ${shown(value)}.`,
    advice:
      'If the loss falls nonetheless, this is how a wide head looks: lower distribution_range. If it does not, raise learning_rate and leave standardize on.',
  });
}

function createLossCheck(patience: number, findings: Findings) {
  let lowest = Number.POSITIVE_INFINITY;
  let lowestAt = 0;
  return ({ step, loss }: StepRecord) => {
    if (loss < lowest) [lowest, lowestAt] = [loss, step];
    const value = step - lowestAt;
    if (!(value >= patience)) return [];
    return findings.report('loss', {
      ...{ step, tensor: 'losses/loss', value, threshold: patience },
      message: `In the first steps the loss has not fallen for ${value} steps: it was ${shown(lowest)} at step ${lowestAt} and is ${shown(loss)} at step ${step}.`,
      advice: 'Lower learning_rate; with small batches also raise batch_size, since their loss jumps about.',
    });
  };
}
