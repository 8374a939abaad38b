import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { shown } from '../number-text.ts';
import { numberOf } from '../parameter.ts';

/**
 * "Checks if input images have been correctly normalized. Specifically, it detects if the mean of the sample data differs by more than a
 * threshold value from zero."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html#checkinputimages-mutated
 */
export const checkInputImages: RuleDefinition = {
  name: 'CheckInputImages',
  kind: 'debugger',
  fires: 'the mean of the input pixels is further from 0 than `threshold_mean`',
  here: 'The pixels are those that the backbone gets, after its normalisation, of training pictures spread over the classes. A set of fewer than `threshold_samples` pictures is not judged.',
  parameters: [
    { name: 'threshold_mean', type: 'number', default: 0.2, minimum: 0, meaning: 'distance from 0 that is still fine' },
    {
      ...{ name: 'threshold_samples', type: 'integer', default: 500, minimum: 1, maximum: 100_000 },
      meaning: 'pictures that are looked at before anything is judged',
    },
    { name: 'regex', type: 'text', default: null, meaning: 'without meaning here: the input is known' },
    { name: 'channel', type: 'text', default: null, meaning: 'without meaning here: all channels count' },
  ],
  create(settings) {
    const threshold = numberOf(settings, 'threshold_mean');
    const samples = numberOf(settings, 'threshold_samples');
    const findings = createFindings({ rule: 'CheckInputImages', extreme: 'highest' });
    let looked = 0;
    return {
      observe(record) {
        if (record.kind !== 'inputs' || !record.pixels) return [];
        const { mean, pictures } = record.pixels;
        looked = pictures;
        if (!(pictures >= samples) || !(Math.abs(mean) > threshold)) return [];
        return findings.report('pixels', {
          ...{ step: 0, tensor: 'inputs/pixels', value: mean, threshold },
          message: `The mean of the normalised pixels of ${pictures} training pictures is ${shown(mean)}, not about 0.`,
          advice:
            'Give the backbone the normalisation that it was trained with (mean and std of its preprocessing), or check whether the pictures are unusually dark or bright.',
        });
      },
      tick: () => [],
      finish: () => findings.summary(),
      note: () =>
        looked < samples
          ? `The rule waits for ${samples} pictures (threshold_samples); ${looked} were looked at.`
          : undefined,
    };
  },
};
