import type { RuleDefinition } from '../definition.ts';
import { cpuOf, createByKey, gpuOf, scanParameter } from './sampling.ts';
import { createUsage, type Usage, usageText } from './usage.ts';

/**
 * "Measures overall system usage per worker node. The rule currently only aggregates values per node and computes their percentiles." It
 * never fires.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html#overall-system-usage
 */
export const overallSystemUsage: RuleDefinition = {
  name: 'OverallSystemUsage',
  kind: 'profiler',
  fires: 'never: it measures how much of CPU, memory and GPU each instance uses',
  here: 'The figures are in StatusDetails and in the profiler report.',
  parameters: [scanParameter],
  create() {
    const hosts = createByKey((): { cpu: Usage; memory: Usage; gpu: Usage } => ({
      cpu: createUsage(),
      memory: createUsage(),
      gpu: createUsage(),
    }));
    return {
      observe(record) {
        const host = record.kind === 'system' ? hosts.of(record.host) : undefined;
        if (record.kind !== 'system' || !host) return [];
        host.cpu.add(cpuOf(record));
        host.memory.add((record.memory.used / record.memory.total) * 100);
        if (record.gpu.length > 0) host.gpu.add(gpuOf(record));
        return [];
      },
      tick: () => [],
      finish: () => [],
      note() {
        const texts = hosts
          .entries()
          .map(
            ([host, { cpu, memory, gpu }]) =>
              `${host}: ${[usageText('CPU', cpu), usageText('memory', memory), usageText('GPU', gpu)].filter((text) => text !== '').join(', ')}`,
          );
        return texts.length > 0 ? `${texts.slice(0, 10).join('; ')}.` : 'There were no samples.';
      },
    };
  },
};
