import type { RuleDefinition } from '../definition.ts';
import { createFindings } from '../findings.ts';
import { shown } from '../number-text.ts';
import { numberOf } from '../parameter.ts';
import { cpuOf, createByKey, createScan, patienceParameter, scanParameter, waitNote } from './sampling.ts';

/** Utilisation is counted in bins of 10 per cent. */
const bins = 10;

/**
 * "Detects issues in workload balancing between multiple GPUs. It computes a histogram of utilization per GPU and measures the distance
 * between those histograms. If the distance exceeds a threshold, the rule triggers."
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html#load-balancing
 */
export const loadBalancing: RuleDefinition = {
  name: 'LoadBalancing',
  kind: 'profiler',
  fires: 'the histograms of utilisation of two workers are further apart than `threshold`',
  here: 'Workers are the GPUs or, where there is none, the instances: what their own processes use of all cores, or, where one of them cannot tell (macOS), how busy its whole machine is. The distance is the share of samples that would have to move to another bin of 10 per cent for the histograms to be the same: 0 to 1. Where each of many instances uses less than a tenth of a large machine, all are in one bin and the rule sees no difference.',
  parameters: [
    { name: 'threshold', type: 'number', default: 0.5, minimum: 0, maximum: 1, meaning: 'distance that is still fine' },
    patienceParameter,
    scanParameter,
  ],
  create(settings) {
    const [threshold, patience] = [numberOf(settings, 'threshold'), numberOf(settings, 'patience')];
    const scan = createScan(numberOf(settings, 'scan_interval_us'));
    const findings = createFindings({ rule: 'LoadBalancing', extreme: 'highest' });
    const [gpus, instances, machines] = [histograms(), histograms(), histograms()];
    let time = 0;

    const workers = () => {
      if (gpus.entries().length > 0) return gpus.entries();
      // Instances may share a machine, which is then as busy for one as for the other. Both figures together can't be compared.
      const allTell = instances.entries().length === machines.entries().length;
      return (allTell ? instances : machines).entries();
    };
    const judge = () => {
      const judged = workers().filter(([, { seen }]) => seen >= patience);
      const sorted = judged.map(([name, histogram]) => ({ name, ...histogram, mean: meanBin(histogram) }));
      sorted.sort((a, b) => b.mean - a.mean);
      // The busiest against all others: what is far from anything is far from it or shares its side.
      const [busiest, ...rest] = sorted;
      return rest.flatMap((other) => {
        const value = distance(busiest!, other);
        if (!(value > threshold)) return [];
        return findings.report(`${busiest!.name}/${other.name}`, {
          ...{ time, value, threshold },
          message: `${other.name} did less than ${busiest!.name}: their histograms of utilisation are ${shown(value)} apart.`,
          advice:
            'Split the pictures more evenly (FullyReplicated channels are split by count), or use fewer instances: the head is trained on the leader alone.',
        });
      });
    };
    return {
      observe(record) {
        if (record.kind !== 'system') return [];
        time = record.time;
        for (const [index, { utilization }] of record.gpu.entries()) {
          count(gpus.of(`GPU ${index} of ${record.host}`), utilization);
        }
        if (record.ownCpu !== undefined) count(instances.of(record.host), record.ownCpu);
        count(machines.of(`the CPU of ${record.host}`), cpuOf(record));
        return scan.isDue(record.time) ? judge() : [];
      },
      tick: () => [],
      finish: () => [...judge(), ...findings.summary()],
      note() {
        const all = workers();
        if (all.length < 2) return 'There is one worker, so there is nothing to balance.';
        const seen = Math.max(...all.map(([, histogram]) => histogram.seen));
        return seen < patience ? waitNote(seen, patience) : undefined;
      },
    };
  },
};

interface Histogram {
  readonly counts: number[];
  seen: number;
}

const histograms = () => createByKey<Histogram>(() => ({ counts: new Array<number>(bins).fill(0), seen: 0 }));

function count(histogram: Histogram | undefined, value: number): void {
  if (!histogram || !Number.isFinite(value)) return;
  const bin = Math.min(bins - 1, Math.max(0, Math.floor((value / 100) * bins)));
  histogram.counts[bin]!++;
  histogram.seen++;
}

const meanBin = ({ counts, seen }: Histogram) => counts.reduce((sum, one, bin) => sum + one * bin, 0) / seen;

/** Total variation: half the sum of the differences of the shares. */
function distance(a: Histogram, b: Histogram): number {
  return a.counts.reduce((sum, one, bin) => sum + Math.abs(one / a.seen - b.counts[bin]! / b.seen), 0) / 2;
}
