import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SystemSample } from '../records.ts';
import { judge } from '../testing/judge.ts';
import { sample, timing } from '../testing/records.ts';

const samples = (count: number, over: (i: number) => Partial<SystemSample>) =>
  Array.from({ length: count }, (_, i) => sample(i, over(i)));
const gpu = (utilization: number) => ({ gpu: [{ utilization, memory: 10 }] });
const patience = { patience: '100' };
/** Judges at the end only. */
const atEnd = { scan_interval_us: '1000000000' };

describe('LowGPUUtilization', () => {
  const find = (count: number, over: (i: number) => Partial<SystemSample>, parameters = {}) =>
    judge('LowGPUUtilization', { ...patience, ...parameters }, samples(count, over));

  test('fires when the 95th percentile is below threshold_p95', () => {
    assert.equal(find(100, () => gpu(69)).findings.length, 1);
    assert.equal(find(100, () => gpu(70)).findings.length, 0);
    // The 95th percentile of 101 values is the 96th of them.
    const [idle] = find(101, (i) => gpu(i < 96 ? 0 : 100)).findings;
    assert.equal(idle?.value, 0);
    assert.match(idle.message, /was used by at most 0 % in 95 of 100 samples/);
    assert.match(find(101, (i) => gpu(i < 95 ? 0 : 100)).findings[0]!.message, /by turns/);
  });

  test('fires when it is high and the 5th percentile is below threshold_p5', () => {
    assert.equal(find(101, (i) => gpu(i < 6 ? 9 : 90)).findings[0]?.value, 9);
    assert.equal(find(101, (i) => gpu(i < 6 ? 10 : 90)).findings.length, 0);
  });

  test('waits for patience, and looks at the newest window only', () => {
    const { findings, note } = find(99, () => gpu(0));
    assert.deepEqual(findings, []);
    assert.match(note!, /100 samples \(patience\); there were 99/);
    assert.equal(find(200, (i) => gpu(i < 100 ? 0 : 90), { window: '100', ...atEnd }).findings.length, 0);
  });

  test('says that there is no GPU', () => {
    const { findings, note } = find(200, () => ({}));
    assert.deepEqual(findings, []);
    assert.match(note!, /no GPU/);
  });

  test('tells every GPU of every host apart', () => {
    const both = samples(100, () => ({ gpu: [{ utilization: 5, memory: 0 }, ...gpu(90).gpu] }));
    const other = samples(100, () => ({ host: 'algo-2', ...gpu(5) }));
    const { findings } = judge('LowGPUUtilization', patience, [...both, ...other]);
    assert.deepEqual(
      findings.map(({ message }) => message.slice(0, 15)),
      ['GPU 0 of algo-1', 'GPU 0 of algo-2'],
    );
  });
});

describe('CPUBottleneck and IOBottleneck', () => {
  test('fire when more than threshold per cent of the samples are held up', () => {
    const cpu = (busy: number) => samples(100, (i) => ({ cpu: i < busy ? [91, 91] : [20, 20] }));
    assert.deepEqual(judge('CPUBottleneck', patience, cpu(50)).findings, []);
    const [finding] = judge('CPUBottleneck', patience, cpu(51)).findings;
    assert.equal(finding?.value, 51);
    assert.equal(finding?.threshold, 50);

    const disk = (waits: number) => samples(100, (i) => ({ ioWait: i < waits ? 50.5 : 50 }));
    assert.deepEqual(judge('IOBottleneck', patience, disk(50)).findings, []);
    assert.equal(judge('IOBottleneck', patience, disk(51)).findings.length, 1);
  });

  test('a busy GPU is not held up', () => {
    const records = (utilization: number) => samples(100, () => ({ cpu: [99], ioWait: 99, ...gpu(utilization) }));
    for (const rule of ['CPUBottleneck', 'IOBottleneck']) {
      assert.deepEqual(judge(rule, patience, records(10)).findings, []);
      assert.equal(judge(rule, patience, records(9)).findings.length, 1);
    }
  });

  test('the CPU is the mean of its cores', () => {
    const records = samples(100, () => ({ cpu: [100, 80] }));
    assert.deepEqual(judge('CPUBottleneck', patience, records).findings, []);
    assert.equal(judge('CPUBottleneck', { ...patience, cpu_threshold: '89' }, records).findings.length, 1);
  });

  test('judge during the job, every scan interval', () => {
    const held = samples(100, () => ({ cpu: [99] }));
    const rule = { ...patience, scan_interval_us: '10000000' };
    const { findings } = judge('CPUBottleneck', rule, [
      ...held,
      ...samples(1000, (i) => ({ time: 1_700_000_100 + i })),
    ]);
    assert.ok(findings.length > 0, 'it was held up while it was looked at, though not in the end');
    assert.deepEqual(judge('CPUBottleneck', patience, [sample(0), ...samples(20, () => ({ cpu: [99] }))]).findings, []);
  });
});

describe('StepOutlier', () => {
  const durations = (outliers: number) =>
    Array.from({ length: 200 }, (_, i) => timing(i + 1, i < outliers ? 10 : 1 + (i % 2) / 100));

  test('fires beyond n_outliers', () => {
    assert.deepEqual(judge('StepOutlier', atEnd, durations(10)).findings, []);
    const [finding] = judge('StepOutlier', atEnd, durations(11)).findings;
    assert.match(finding!.message, /11 of 200 timed stretches/);
    assert.equal(finding!.value, 1, 'seconds of a step: 10 for ten of them');
  });

  test('stddev moves the limit', () => {
    assert.equal(judge('StepOutlier', { stddev: '2', n_outliers: '5', ...atEnd }, durations(6)).findings.length, 1);
    assert.deepEqual(judge('StepOutlier', { stddev: '9', n_outliers: '5', ...atEnd }, durations(6)).findings, []);
  });
});

describe('LoadBalancing', () => {
  /** Two hosts on one machine: only what their own processes use tells them apart. */
  const hosts = (own: (i: number) => number) => [
    ...samples(100, () => ({ cpu: [99], ownCpu: 95 })),
    ...samples(100, (i) => ({ host: 'algo-2', cpu: [99], ownCpu: own(i) })),
  ];
  const idleFor = (count: number) => (i: number) => (i < count ? 5 : 95);
  const withoutOwn = ({ ownCpu: _, ...record }: SystemSample): SystemSample => record;

  test('fires when histograms are further apart than the threshold', () => {
    assert.deepEqual(judge('LoadBalancing', patience, hosts(idleFor(50))).findings, []);
    const [finding] = judge('LoadBalancing', patience, hosts(idleFor(51))).findings;
    assert.equal(Math.round(finding!.value * 100), 51);
    assert.match(finding!.message, /^algo-2 did less than algo-1:/);
  });

  test('how busy the machine is counts for nothing where the instances know what they use themselves', () => {
    const records = hosts(() => 95).map((record) => ({ ...record, cpu: [record.host === 'algo-1' ? 99 : 5] }));
    assert.deepEqual(judge('LoadBalancing', patience, records).findings, []);
  });

  test('the machines are compared where one of the instances does not know', () => {
    const busy = samples(100, () => ({ cpu: [95], ownCpu: 5 }));
    const idle = samples(100, () => ({ host: 'algo-2', cpu: [5] })).map(withoutOwn);
    const [finding] = judge('LoadBalancing', patience, [...busy, ...idle]).findings;
    assert.match(finding!.message, /^the CPU of algo-2 did less than the CPU of algo-1:/);
  });

  test('GPUs go before CPUs', () => {
    const records = hosts(() => 5).map((record) => ({ ...record, ...gpu(80) }));
    assert.deepEqual(judge('LoadBalancing', patience, records).findings, []);
  });

  test('one worker needs no balance', () => {
    assert.match(
      judge(
        'LoadBalancing',
        patience,
        samples(200, () => ({})),
      ).note!,
      /one worker/,
    );
  });
});

describe('OverallSystemUsage', () => {
  test('measures and never fires', () => {
    const { findings, note } = judge(
      'OverallSystemUsage',
      {},
      samples(100, (i) => ({ cpu: [i], ...gpu(3) })),
    );
    assert.deepEqual(findings, []);
    assert.equal(
      note,
      'algo-1: CPU 49 % (median; 95th percentile 94 %), memory 12.5 % (median; 95th percentile 12.5 %), GPU 3 % (median; 95th percentile 3 %).',
    );
  });
});

describe('ProfilerReport', () => {
  test('runs the others, with their parameters under their names', () => {
    const held = samples(100, () => ({ cpu: [99] }));
    assert.deepEqual(judge('ProfilerReport', {}, held).findings, []);
    const { findings } = judge('ProfilerReport', { cpubottleneck_patience: '100' }, held);
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['CPUBottleneck'],
    );
  });
});
