import type { RuleDefinition } from '../definition.ts';
import { createFindings, type Findings } from '../findings.ts';
import { percent, shown } from '../number-text.ts';
import { flagOf, listOf, numberOf, type Settings } from '../parameter.ts';
import type { ProfileRecord, TrainingRecord } from '../records.ts';
import { matchesLoss } from './losses.ts';
import { collectionNames, tensorRegex } from './watched.ts';

/**
 * "Detects when the loss is not decreasing in value at an adequate rate." Every num_steps, the loss is compared with the one that was
 * compared last: a fall by less than diff_percent fires, and so does a rise by more than increase_threshold_percent.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/loss-not-decreasing.html
 */
export const lossNotDecreasing: RuleDefinition = {
  name: 'LossNotDecreasing',
  kind: 'debugger',
  fires:
    'over `num_steps` steps the loss falls by less than `diff_percent` per cent, or rises by more than `increase_threshold_percent`',
  here: 'With mode EVAL it is the validation loss after epochs, else the loss of the batch. The loss of small batches goes up and down by more than 5 % from one to the next, and once training has converged any loss stays: raise num_steps to an epoch or two.',
  parameters: [
    { ...collectionNames, meaning: 'losses, the only collection that holds losses' },
    tensorRegex,
    { name: 'use_losses_collection', type: 'boolean', default: true, meaning: 'look at the collection losses' },
    {
      name: 'num_steps',
      type: 'integer',
      default: 10,
      minimum: 1,
      meaning: 'steps between two losses that are compared',
    },
    {
      ...{ name: 'diff_percent', type: 'number', default: 0.1, minimum: 0, maximum: 100 },
      meaning: 'the least fall, per cent of the earlier loss',
    },
    {
      ...{ name: 'increase_threshold_percent', type: 'number', default: 5, minimum: 0, maximum: 100 },
      meaning: 'the greatest rise that is let pass, per cent of the earlier loss',
    },
    { name: 'mode', type: 'text', default: 'GLOBAL', oneOf: ['TRAIN', 'EVAL', 'GLOBAL'], meaning: 'whose loss' },
  ],
  create(settings) {
    const lossOf = settings.mode === 'EVAL' ? validationLoss : batchLoss;
    const steps = numberOf(settings, 'num_steps');
    const watches = watchesLoss(settings);
    const findings = createFindings({ rule: 'LossNotDecreasing', extreme: 'lowest' });
    let compared: Loss | undefined;
    return {
      observe(record) {
        const now = watches ? lossOf(record) : undefined;
        if (!now || !Number.isFinite(now.loss)) return [];
        const before = compared;
        if (before && now.step - before.step < steps) return [];
        compared = now;
        return before ? judge({ before, now }, settings, findings) : [];
      },
      tick: () => [],
      finish: () => findings.summary(),
    };
  },
};

interface Loss {
  readonly step: number;
  readonly loss: number;
}

function batchLoss(record: TrainingRecord | ProfileRecord): Loss | undefined {
  return record.kind === 'step' ? { step: record.step, loss: record.loss } : undefined;
}

function validationLoss(record: TrainingRecord | ProfileRecord): Loss | undefined {
  return record.kind === 'epoch' ? { step: record.step, loss: record.validLoss } : undefined;
}

function watchesLoss(settings: Settings): boolean {
  if (flagOf(settings, 'use_losses_collection') || listOf(settings, 'collection_names').includes('losses')) return true;
  return listOf(settings, 'tensor_regex').length > 0 && matchesLoss(settings);
}

/** Per cent of the earlier loss; a rise is negative, and from 0 it is infinite. */
function fallOf(before: number, now: number): number {
  return before === now ? 0 : ((before - now) / Math.abs(before)) * 100;
}

function judge({ before, now }: { before: Loss; now: Loss }, settings: Settings, findings: Findings) {
  const fall = fallOf(before.loss, now.loss);
  const [least, most] = [numberOf(settings, 'diff_percent'), numberOf(settings, 'increase_threshold_percent')];
  const span = `from step ${before.step} to step ${now.step}, ${shown(before.loss)} to ${shown(now.loss)}`;
  const common = { step: now.step, tensor: 'losses/loss', value: fall };
  if (fall < -most) {
    return findings.report('rise', {
      ...{ ...common, threshold: -most },
      message: `The loss rose ${Number.isFinite(fall) ? `by ${percent(-fall)} ` : ''}${span}.`,
      advice: 'Lower learning_rate, or raise batch_size if the loss only jumps about.',
    });
  }
  if (fall < 0 || fall >= least) return [];
  return findings.report('flat', {
    ...{ ...common, threshold: least },
    message: `The loss fell by only ${percent(fall)} ${span}.`,
    advice: 'If the loss is still high, raise learning_rate. If it is low, training has converged: use fewer epochs.',
  });
}
