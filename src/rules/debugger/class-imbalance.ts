import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { percent, shown } from '../number-text.ts';
import { numberOf, type ParameterDefinition } from '../parameter.ts';
import type { EpochSummary, InputRecord } from '../records.ts';

const parameters: readonly ParameterDefinition[] = [
  {
    ...{ name: 'threshold_imbalance', type: 'number', default: 10, minimum: 0 },
    meaning: 'largest class ÷ smallest class that is still fine',
  },
  {
    ...{ name: 'threshold_misprediction', type: 'number', default: 0.7, minimum: 0, maximum: 1 },
    meaning: 'share of wrong answers in a class that is still fine',
  },
  {
    ...{ name: 'samples', type: 'integer', default: 500, minimum: 1 },
    meaning: 'labels that must have been seen before anything is judged',
  },
  {
    name: 'argmax',
    type: 'boolean',
    default: false,
    meaning: 'without meaning here: answers are counted, not tensors',
  },
  { name: 'labels_regex', type: 'text', default: null, meaning: 'without meaning here: the labels are known' },
  { name: 'predictions_regex', type: 'text', default: null, meaning: 'without meaning here: the answers are known' },
];

/**
 * "It counts the occurrences per class … It checks the prediction accuracy per class."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/class-imbalance.html
 */
export const classImbalance: RuleDefinition = {
  name: 'ClassImbalance',
  kind: 'debugger',
  fires:
    'the largest class has more than `threshold_imbalance` times the pictures of the smallest, or more than `threshold_misprediction` of a class is given another label',
  here: 'Classes are counted over the training pictures. Wrong answers are counted on valid, over the newest epochs that together hold `samples` labels.',
  parameters,
  create(settings) {
    const most = numberOf(settings, 'threshold_imbalance');
    const limit = numberOf(settings, 'threshold_misprediction');
    const samples = numberOf(settings, 'samples');
    const findings = createFindings({ rule: 'ClassImbalance', extreme: 'highest' });
    const recent = createRecent(samples);
    let classes: readonly string[] = [];
    let balanced = false;
    let seen = 0;

    const judgeInputs = ({ trainPictures }: InputRecord) => {
      if (seen < samples || trainPictures.length < 2) return [];
      const [largest, smallest] = [Math.max(...trainPictures), Math.min(...trainPictures)];
      // A class without a picture cannot be divided by; it is as bad as one of a single picture, at the least.
      const value = largest / Math.max(1, smallest);
      if (!(value > most)) return [];
      const [from, to] = [largest, smallest].map((count) => nameOf(classes, trainPictures.indexOf(count)));
      const few = smallest === 0 ? 'none' : `${smallest}: ${shown(value)} times fewer`;
      const others = balanced ? '' : ', or set class_weights to balanced, so that it counts as much as the others';
      return findings.report('inputs', {
        ...{ value, threshold: most },
        message: `${from} has ${largest} training pictures, ${to} has ${few}.`,
        advice: `Add pictures of ${to}${smallest === 0 ? ': without any it cannot be learnt' : others}.`,
      });
    };
    const judgeEpoch = (record: EpochSummary) => {
      const counts = recent.add(record);
      if (!counts) return [];
      return counts.pictures.flatMap((pictures, label) => {
        const value = pictures > 0 ? counts.mistakes[label]! / pictures : 0;
        if (!(value > limit)) return [];
        return findings.report(`class ${label}`, {
          ...{ step: record.step, value, threshold: limit },
          message: `Of the pictures of ${nameOf(classes, label)} in valid, ${percent(value * 100)} were given another class (epoch ${record.epoch}).`,
          advice: `Look at what it is taken for in the confusion map of the report; add pictures of it${balanced ? '' : ', or set class_weights to balanced'}.`,
        });
      });
    };
    return {
      observe(record) {
        if (record.kind === 'epoch') return judgeEpoch(record);
        if (record.kind !== 'inputs') return [];
        [classes, balanced] = [record.classes, record.classWeights === 'balanced'];
        seen = record.trainPictures.reduce((sum, one) => sum + one, 0);
        return judgeInputs(record);
      },
      tick: () => [],
      finish: () => findings.summary(),
      note: () =>
        seen < samples ? `The rule waits for ${samples} labels (samples); training has ${seen} pictures.` : undefined,
    };
  },
};

interface Counts {
  readonly pictures: readonly number[];
  readonly mistakes: readonly number[];
}

/** The newest epochs whose labels make up `samples`; undefined until there are so many. */
function createRecent(samples: number): { add(record: EpochSummary): Counts | undefined } {
  const epochs: { readonly record: EpochSummary; readonly labels: number }[] = [];
  const labelsOf = () => epochs.reduce((sum, { labels }) => sum + labels, 0);
  return {
    add(record) {
      const labels = record.validPictures.reduce((sum, one) => sum + one, 0);
      // An epoch without labels says nothing, and would let the list grow without end.
      if (!(labels > 0)) return undefined;
      epochs.push({ record, labels });
      while (epochs.length > 1 && labelsOf() - epochs[0]!.labels >= samples) epochs.shift();
      if (labelsOf() < samples) return undefined;
      const total = (of: (summary: EpochSummary) => readonly number[]) =>
        record.validPictures.map((_, label) => epochs.reduce((sum, epoch) => sum + (of(epoch.record)[label] ?? 0), 0));
      return { pictures: total((epoch) => epoch.validPictures), mistakes: total((epoch) => epoch.validMistakes) };
    },
  };
}

function nameOf(classes: readonly string[], label: number): string {
  return classes[label] ?? `class ${label}`;
}
