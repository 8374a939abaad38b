import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { percent } from '../number-text.ts';
import { numberOf, type ParameterDefinition, type Settings } from '../parameter.ts';
import type { SystemSample } from '../records.ts';
import { cpuOf, createByKey, createScan, gpuOf, patienceParameter, scanParameter, waitNote } from './sampling.ts';

const here =
  'Without a GPU its utilisation counts as 0 per cent: the rule then says whether the instance as a whole was held up.';

const threshold: ParameterDefinition = {
  ...{ name: 'threshold', type: 'number', default: 50, minimum: 0, maximum: 100 },
  meaning: 'per cent of the time in which it is let pass',
};

const gpuThreshold: ParameterDefinition = {
  ...{ name: 'gpu_threshold', type: 'number', default: 10, minimum: 0, maximum: 100 },
  meaning: 'per cent below which the GPU counts as waiting',
};

/**
 * "Detects if the GPU is underutilized due to CPU bottlenecks. Returns True if the number of CPU bottlenecks exceeds a threshold."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html#cpu-bottleneck
 */
export const cpuBottleneck: RuleDefinition = {
  name: 'CPUBottleneck',
  kind: 'profiler',
  fires:
    'in more than `threshold` per cent of the samples the CPU is above `cpu_threshold` while the GPU is below `gpu_threshold`',
  here: `${here} The CPU's figure is the mean of the cores.`,
  parameters: [
    threshold,
    gpuThreshold,
    {
      ...{ name: 'cpu_threshold', type: 'number', default: 90, minimum: 0, maximum: 100 },
      meaning: 'per cent above which the CPU counts as busy',
    },
    patienceParameter,
    scanParameter,
  ],
  create: (settings) => {
    const busy = numberOf(settings, 'cpu_threshold');
    return createBottleneck(settings, {
      rule: 'CPUBottleneck',
      isHeldUp: (sample) => cpuOf(sample) > busy,
      because: (gpu) => `the CPU was above ${percent(busy)}${gpu}`,
      advice: {
        gpu: 'The GPU waits for decoding: take an instance with more cores, or train again (features are in the cache then).',
        noGpu:
          'There is no GPU here: more cores, or more instances on machines of their own, shorten the extraction of features; what is in the cache is not computed again.',
      },
    });
  },
};

/**
 * "Detects if the GPU is underutilized due to IO bottlenecks. Returns True if the number of IO bottlenecks exceeds a threshold."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html#io-bottleneck
 */
export const ioBottleneck: RuleDefinition = {
  name: 'IOBottleneck',
  kind: 'profiler',
  fires:
    'in more than `threshold` per cent of the samples the wait for the disk is above `io_threshold` while the GPU is below `gpu_threshold`',
  here,
  parameters: [
    threshold,
    gpuThreshold,
    {
      ...{ name: 'io_threshold', type: 'number', default: 50, minimum: 0, maximum: 100 },
      meaning: 'per cent above which the wait for the disk counts',
    },
    patienceParameter,
    scanParameter,
  ],
  create: (settings) => {
    const long = numberOf(settings, 'io_threshold');
    const advice =
      'Put the pictures and the cache on a faster disk, or give the instance more memory, so that files stay in it.';
    return createBottleneck(settings, {
      rule: 'IOBottleneck',
      isHeldUp: ({ ioWait }) => ioWait > long,
      because: (gpu) => `the wait for the disk was above ${percent(long)}${gpu}`,
      advice: { gpu: advice, noGpu: advice },
    });
  },
};

interface Bottleneck {
  readonly rule: string;
  isHeldUp(sample: SystemSample): boolean;
  because(gpu: string): string;
  readonly advice: { readonly gpu: string; readonly noGpu: string };
}

function createBottleneck(settings: Settings, { rule, isHeldUp, because, advice }: Bottleneck) {
  const [limit, idle] = [numberOf(settings, 'threshold'), numberOf(settings, 'gpu_threshold')];
  const patience = numberOf(settings, 'patience');
  const scan = createScan(numberOf(settings, 'scan_interval_us'));
  const findings = createFindings({ rule, extreme: 'highest' });
  const hosts = createByKey(() => ({ seen: 0, heldUp: 0, time: 0, hasGpu: false }));

  const judge = () =>
    [...hosts.entries()].flatMap(([host, { seen, heldUp, time, hasGpu }]) => {
      const value = (heldUp / seen) * 100;
      if (seen < patience || !(value > limit)) return [];
      return findings.report(host, {
        ...{ time, value, threshold: limit, advice: hasGpu ? advice.gpu : advice.noGpu },
        message: `On ${host}, for ${percent(value)} of the time ${because(hasGpu ? ' while the GPU had next to nothing to do' : '')}.`,
      });
    });
  return {
    observe(record: Parameters<ReturnType<RuleDefinition['create']>['observe']>[0]) {
      if (record.kind !== 'system') return [];
      const host = hosts.of(record.host);
      if (!host) return [];
      host.seen++;
      host.time = record.time;
      host.hasGpu ||= record.gpu.length > 0;
      if (gpuOf(record) < idle && isHeldUp(record)) host.heldUp++;
      return scan.isDue(record.time) ? judge() : [];
    },
    tick: () => [],
    finish: () => [...judge(), ...findings.summary()],
    note() {
      const seen = Math.max(0, ...[...hosts.entries()].map(([, host]) => host.seen));
      return seen < patience ? waitNote(seen, patience) : undefined;
    },
  };
}
