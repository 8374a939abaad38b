import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { shown } from '../number-text.ts';
import { numberOf } from '../parameter.ts';
import { createByKey, createScan, meanOf, scanParameter } from './sampling.ts';

/** So many durations are kept per host; the oldest go first. */
const mostDurations = 5000;

/**
 * "Detects outliers in step durations. Returns True if there are outliers with step durations larger than stddev sigmas of the entire
 * step durations."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html#step-outlier
 */
export const stepOutlier: RuleDefinition = {
  name: 'StepOutlier',
  kind: 'profiler',
  fires: 'more than `n_outliers` steps take longer than the mean by `stddev` standard deviations',
  here: 'The steps of an epoch run as one call, so what is timed is the mean step of an epoch: of 3 sigma outliers there is at most one in nine, so a job needs more than 90 epochs for 10 of them.',
  parameters: [
    { name: 'stddev', type: 'number', default: 3, minimum: 0, meaning: 'standard deviations above the mean' },
    { name: 'mode', type: 'text', default: null, meaning: 'without meaning here: only training has steps' },
    { name: 'n_outliers', type: 'integer', default: 10, minimum: 0, meaning: 'outliers that are let pass' },
    scanParameter,
  ],
  create(settings) {
    const [stddev, most] = [numberOf(settings, 'stddev'), numberOf(settings, 'n_outliers')];
    const scan = createScan(numberOf(settings, 'scan_interval_us'));
    const findings = createFindings({ rule: 'StepOutlier', extreme: 'highest' });
    const hosts = createByKey((): Duration[] => []);

    const judge = () =>
      [...hosts.entries()].flatMap(([host, durations]) => {
        const { outliers, limit, mean } = outliersOf(durations, stddev);
        const slowest = outliers.reduce<Duration | undefined>(
          (a, b) => (a && a.seconds >= b.seconds ? a : b),
          undefined,
        );
        if (!slowest || !(outliers.length > most)) return [];
        return findings.report(host, {
          ...{ step: slowest.step, value: slowest.seconds, threshold: limit },
          message: `On ${host} ${outliers.length} of ${durations.length} timed stretches took longer than ${milliseconds(limit)} a step; the slowest, which ended at step ${slowest.step}, took ${milliseconds(slowest.seconds)} (mean ${milliseconds(mean)}).`,
          advice:
            'Something else used the machine at those times, or memory was short: compare with CPU and memory in the report.',
        });
      });
    return {
      observe(record) {
        if (record.kind !== 'timing') return [];
        const durations = hosts.of(record.host);
        const seconds = record.seconds / record.steps;
        if (!durations || !Number.isFinite(seconds)) return [];
        durations.push({ step: record.step, seconds });
        if (durations.length > mostDurations) durations.shift();
        return scan.isDue(record.start + record.seconds) ? judge() : [];
      },
      tick: () => [],
      finish: () => [...judge(), ...findings.summary()],
    };
  },
};

interface Duration {
  readonly step: number;
  readonly seconds: number;
}

function outliersOf(durations: readonly Duration[], stddev: number) {
  const mean = meanOf(durations.map(({ seconds }) => seconds));
  const variance = meanOf(durations.map(({ seconds }) => (seconds - mean) ** 2));
  const limit = mean + stddev * Math.sqrt(variance);
  return { outliers: durations.filter(({ seconds }) => seconds > limit), limit, mean };
}

const milliseconds = (seconds: number) => `${shown(seconds * 1000)} ms`;
