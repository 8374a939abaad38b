/**
 * Each rule in real training jobs, as the container runs them: one in which it fires, and one in which it does not; docs/rules.md tells
 * why. StalledTrainingRule needs a job that stands still for seconds: it fires in test/soak/stalled-training.soak.ts.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { drawSample } from '../../src/engine/dataset/drawing/sample.ts';
import { ruleCatalog } from '../../src/rules/index.ts';
import { endedRulesJob, type Rules, type RulesJob, type RulesOutcome, startRulesJob } from './rules-job.ts';

let home: string;
const bright = () => join(home, 'bright');
const dark = () => join(home, 'dark');

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'whippet-rules-'));
  await drawSample(bright(), { picturesPerClass: { train: 6, valid: 3, test: 1 }, size: 96 });
  await makeDark();
  makeUneven();
});
after(() => rmSync(home, { recursive: true, force: true }));

/** The same pictures at a tenth of their brightness: the mean of their pixels is about 0. */
async function makeDark(): Promise<void> {
  for (const path of readdirSync(bright(), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.jpg')) continue;
    mkdirSync(join(dark(), path, '..'), { recursive: true });
    await sharp(join(bright(), path)).linear(0.1, 0).toFile(join(dark(), path));
  }
}

/** Of one class only one picture is left to train on; the others have six. */
function makeUneven(): void {
  const uneven = join(home, 'uneven');
  cpSync(bright(), uneven, { recursive: true });
  const [first] = readdirSync(join(uneven, 'train')).sort();
  for (const name of readdirSync(join(uneven, 'train', first!))
    .sort()
    .slice(1))
    rmSync(join(uneven, 'train', first!, name));
}

const run = (name: string, job: Omit<RulesJob, 'home' | 'name'>): Promise<RulesOutcome> =>
  endedRulesJob(startRulesJob({ home, name, ...job }));

const soon = { patience: '5' };

describe('rules in real jobs', () => {
  test('an ordinary job: no rule fires', async (t) => {
    const rules: Rules = {
      ...{ VanishingGradient: {}, ExplodingTensor: {}, Overfit: {}, Overtraining: {}, StalledTrainingRule: {} },
      PoorWeightInitialization: { patience: '10' },
      // The batch is the data set, so that its loss does not jump about.
      LossNotDecreasing: { num_steps: '1' },
      ClassImbalance: { samples: '36', threshold_misprediction: '1' },
      CheckInputImages: { threshold_samples: '36' },
      ...{ LowGPUUtilization: soon, CPUBottleneck: soon, IOBottleneck: soon, LoadBalancing: soon },
      ...{ StepOutlier: {}, OverallSystemUsage: {}, ProfilerReport: {} },
    };
    assert.deepEqual(Object.keys(rules).sort(), ruleCatalog.map(({ name }) => name).sort(), 'all rules are here');
    const hyperparameters = { epochs: '4', batch_size: '72', learning_rate: '0.0005' };
    const job = await run('ordinary', { hyperparameters, rules, data: dark(), gpus: [90, 90] });
    assert.equal(job.code, 0, job.log);
    for (const rule of Object.keys(rules)) {
      await t.test(rule, () => assert.equal(job.status(rule), 'NoIssuesFound', job.details(rule)));
    }
    await t.test('OverallSystemUsage tells what it measured', () => {
      assert.match(job.details('OverallSystemUsage'), /algo-1: CPU [\d.]+ % .*memory .*GPU 90 %/);
    });
    await t.test('ProfilerReport writes its report', () => {
      const files = readdirSync(join(job.folder, 'output/rules'), { recursive: true, encoding: 'utf8' });
      const report = files.find((file) => file.endsWith('profiler-report.html'));
      assert.ok(report && files.some((file) => file.endsWith('profiler-report.json')), files.join());
      assert.match(readFileSync(join(job.folder, 'output/rules', report), 'utf8'), /Where the time went.*training/s);
    });
  });

  test('a job that trains far too long at far too high a rate, on uneven classes, beside an idle GPU', async (t) => {
    const rules: Rules = {
      ...{ VanishingGradient: {}, Overfit: {}, Overtraining: {}, LossNotDecreasing: {} },
      ClassImbalance: { samples: '36', threshold_imbalance: '5' },
      CheckInputImages: { threshold_samples: '36' },
      ...{ LowGPUUtilization: soon, LoadBalancing: soon, StepOutlier: { stddev: '1', n_outliers: '0' } },
      CPUBottleneck: { ...soon, cpu_threshold: '1', gpu_threshold: '100' },
      ProfilerReport: {
        CPUBottleneck_patience: '5',
        CPUBottleneck_cpu_threshold: '1',
        CPUBottleneck_gpu_threshold: '100',
      },
    };
    const hyperparameters = {
      ...{ epochs: '60', patience: '0', learning_rate: '1', optimizer: 'adam', weight_decay: '0', batch_size: '16' },
    };
    const job = await run('overdone', { hyperparameters, rules, data: join(home, 'uneven'), gpus: [3, 90] });
    assert.equal(job.code, 0, job.log);
    for (const rule of Object.keys(rules)) {
      await t.test(rule, () => assert.equal(job.status(rule), 'IssuesFound', job.details(rule)));
    }
  });

  test('a job that diverges: what its rules found outlives it', async (t) => {
    const rules: Rules = { ExplodingTensor: {}, PoorWeightInitialization: {} };
    const hyperparameters = {
      epochs: '4',
      learning_rate: '10',
      optimizer: 'sgd',
      weight_decay: '100',
      batch_size: '8',
    };
    const job = await run('diverging', { hyperparameters, rules, data: bright() });
    assert.equal(job.code, 1);
    assert.match(readFileSync(join(job.folder, 'output/failure'), 'utf8'), /diverged/);
    for (const rule of Object.keys(rules)) {
      await t.test(rule, () => assert.equal(job.status(rule), 'IssuesFound', job.details(rule)));
    }
  });

  test('a disk that is written to without rest: IOBottleneck', { skip: process.platform !== 'linux' }, async (t) => {
    const waited = () => Number(/^cpu +(?:\d+ +){4}(\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    const before = waited();
    const file = join(home, 'written');
    const writer = spawn('sh', [
      '-c',
      `while :; do dd if=/dev/zero of=${file} bs=4k count=200 oflag=sync 2>/dev/null; done`,
    ]);
    const rules: Rules = { IOBottleneck: { patience: '1', threshold: '0', io_threshold: '0' } };
    const job = await run('writing', { hyperparameters: { epochs: '4' }, rules, data: bright() });
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    assert.equal(job.code, 0, job.log);
    if (waited() - before < 20) return t.skip('this machine counted no wait for the disk, or its cores were all busy');
    assert.equal(job.status('IOBottleneck'), 'IssuesFound', job.details('IOBottleneck'));
  });
});
