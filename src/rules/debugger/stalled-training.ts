import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { numberOf } from '../parameter.ts';

/**
 * "Detects if there is no progress made on the training job, and stops the training job if the rule fires."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html#stalled-training
 */
export const stalledTraining: RuleDefinition = {
  name: 'StalledTrainingRule',
  kind: 'debugger',
  fires: 'nothing new came from training for `threshold` seconds; with `stop_training_on_fire` the job is stopped',
  here: 'Counted from the start of the job. Pictures count as progress when they are read by the first host, and when their features are computed by any. The rule stops its own job, whatever training_job_name_prefix says.',
  parameters: [
    { name: 'threshold', type: 'number', default: 1800, minimum: 0, meaning: 'seconds without progress' },
    { name: 'stop_training_on_fire', type: 'boolean', default: false, meaning: 'stop the job' },
    {
      ...{ name: 'training_job_name_prefix', type: 'text', default: null },
      meaning: 'on AWS, which job is stopped; here it is the job of the rule',
    },
  ],
  create(settings, { startedAt }) {
    const threshold = numberOf(settings, 'threshold');
    const findings = createFindings({ rule: 'StalledTrainingRule', extreme: 'highest' });
    let progressedAt = startedAt;
    let progressed = false;
    let told = false;
    let lastStep: number | undefined;
    return {
      observe(record) {
        // Records carry no time: that of the next tick is theirs.
        [progressed, told] = [true, false];
        if (record.kind === 'step' || record.kind === 'epoch') lastStep = record.step;
        return [];
      },
      tick(now) {
        if (progressed) [progressedAt, progressed] = [now, false];
        const value = now - progressedAt;
        if (told || !(value > threshold)) return [];
        told = true;
        return findings.report('stall', {
          ...{ time: now, value, threshold, ...(lastStep !== undefined && { step: lastStep }) },
          message: `No progress for ${Math.round(value)} seconds; ${lastStep === undefined ? 'no step was taken yet' : `the last step was ${lastStep}`}.`,
          advice:
            'Look at the end of the log and at CPU, disk and network in the profiler report: a slow disk, a full memory, or a peer that was lost.',
        });
      },
      finish: () => findings.summary(),
    };
  },
};
