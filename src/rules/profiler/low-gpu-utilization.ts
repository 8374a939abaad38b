import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { percent } from '../number-text.ts';
import { numberOf } from '../parameter.ts';
import { quantile } from '../quantile.ts';
import { createByKey, createScan, createWindow, patienceParameter, scanParameter, waitNote } from './sampling.ts';

/**
 * "Checked for every GPU on each worker node. Returns True if the 95th quantile is below threshold_p95, which indicates
 * under-utilization; or if the 95th quantile is above threshold_p95 and the 5th is below threshold_p5, which indicates fluctuations."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html#low-gpu-utilization
 */
export const lowGpuUtilization: RuleDefinition = {
  name: 'LowGPUUtilization',
  kind: 'profiler',
  fires:
    'of the newest `window` samples of a GPU the 95th percentile is below `threshold_p95`, or above it with the 5th percentile below `threshold_p5`',
  here: 'GPUs are seen where nvidia-smi is. On an instance without one the rule finds nothing and says so.',
  parameters: [
    {
      ...{ name: 'threshold_p95', type: 'number', default: 70, minimum: 0, maximum: 100 },
      meaning: 'per cent below which a GPU counts as little used',
    },
    {
      ...{ name: 'threshold_p5', type: 'number', default: 10, minimum: 0, maximum: 100 },
      meaning: 'per cent below which a GPU counts as idle in between',
    },
    {
      name: 'window',
      type: 'integer',
      default: 500,
      minimum: 1,
      maximum: 100_000,
      meaning: 'newest samples that count',
    },
    patienceParameter,
    scanParameter,
  ],
  create(settings) {
    const [high, low] = [numberOf(settings, 'threshold_p95'), numberOf(settings, 'threshold_p5')];
    const [patience, window] = [numberOf(settings, 'patience'), numberOf(settings, 'window')];
    const scan = createScan(numberOf(settings, 'scan_interval_us'));
    const findings = createFindings({ rule: 'LowGPUUtilization', extreme: 'lowest' });
    const gpus = createByKey(() => ({ seen: 0, time: 0, values: createWindow(window) }));

    const judge = () =>
      [...gpus.entries()].flatMap(([gpu, { seen, time, values }]) => {
        const sorted = seen >= patience ? values.sorted() : [];
        const [p95, p5] = [quantile(sorted, 0.95), quantile(sorted, 0.05)];
        if (p95 < high) {
          return findings.report(gpu, {
            ...{ time, value: p95, threshold: high },
            message: `${gpu} was used by at most ${percent(p95)} in 95 of 100 samples.`,
            advice:
              'An instance without a GPU costs less and does the same work here; or give the GPU more to do: a larger batch_size.',
          });
        }
        if (!(p95 > high && p5 < low)) return [];
        return findings.report(`${gpu} fluctuates`, {
          ...{ time, value: p5, threshold: low },
          message: `${gpu} was busy (95th percentile ${percent(p95)}) and idle (5th percentile ${percent(p5)}) by turns.`,
          advice: 'It waits for something: look at CPU, disk and network at the idle times in the report.',
        });
      });
    return {
      observe(record) {
        if (record.kind !== 'system') return [];
        for (const [index, { utilization }] of record.gpu.entries()) {
          const gpu = gpus.of(`GPU ${index} of ${record.host}`);
          if (!gpu) continue;
          gpu.values.push(utilization);
          [gpu.seen, gpu.time] = [gpu.seen + 1, record.time];
        }
        return scan.isDue(record.time) ? judge() : [];
      },
      tick: () => [],
      finish: () => [...judge(), ...findings.summary()],
      note() {
        const seen = Math.max(0, ...[...gpus.entries()].map(([, gpu]) => gpu.seen));
        if (seen === 0) return 'There is no GPU, so there is nothing to judge.';
        return seen < patience ? waitNote(seen, patience) : undefined;
      },
    };
  },
};
