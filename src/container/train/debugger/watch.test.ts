import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { StepRecord } from '../../../rules/index.ts';
import { readContainerEnvironment } from '../../environment.ts';
import type { InstanceEvent } from '../../events.ts';
import { readHyperparameters } from '../hyperparameters.ts';
import { trainingTree } from '../tree.ts';
import { openWatch } from './watch.ts';

type Told = Extract<InstanceEvent, { type: 'rule' }>;

/** A job of `root` with one rule, on a clock of its own; `pass` lets seconds go by. */
function openJob(context: TestContext, { root, rule, hosts = ['algo-1'], name = 'dogs' }: JobOptions) {
  let now = 1_700_000_000_000;
  const told: Told[] = [];
  const lines: string[] = [];
  const debugRules = [{ RuleConfigurationName: 'mine', RuleParameters: rule }];
  const watch = openWatch(
    {
      ...{ tree: trainingTree(root), wish: readHyperparameters({}), channels: new Map() },
      ...{ hosts, host: 'algo-1', rules: { debugRules } },
    },
    {
      ...{ root, cores: 1, cacheDirectory: join(root, 'cache'), proxy: {}, signal: new AbortController().signal },
      environment: readContainerEnvironment({ TRAINING_JOB_NAME: name }),
      ...{ log: (line) => lines.push(line), logError: (line) => lines.push(line) },
      ...{ now: () => now, elapsed: () => now },
      tell: (event) => event.type === 'rule' && told.push(event),
    },
  );
  context.after(() => watch.end('Stopped'));
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 5) {
      now += 5000;
      context.mock.timers.tick(5000);
    }
  };
  return { watch, told, lines, pass, status: () => told.at(-1)?.status };
}

interface JobOptions {
  readonly root: string;
  readonly rule: Readonly<Record<string, string>>;
  readonly hosts?: readonly string[];
  readonly name?: string;
}

function temporaryRoot(context: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'whippet-watch-'));
  context.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const stalled = { rule_to_invoke: 'StalledTrainingRule', threshold: '60', stop_training_on_fire: 'True' };

test('a job that stands still before it has read its data is stalled', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const job = openJob(context, { root: temporaryRoot(context), rule: stalled });
  job.pass(60);
  assert.equal(job.status(), 'InProgress');
  job.pass(5);
  assert.equal(job.status(), 'IssuesFound');
  assert.equal(job.watch.stop.aborted, true);
});

test('pictures that are read or come from other hosts are progress, until none come', (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const job = openJob(context, { root: temporaryRoot(context), rule: stalled, hosts: ['algo-1', 'algo-2'] });
  for (const stage of ['read', 'features'] as const) {
    for (let done = 0; done < 10; done++) {
      job.watch.see({ type: 'progress', stage, done, total: 10, unit: 'pictures' });
      job.pass(50);
    }
  }
  assert.equal(job.status(), 'InProgress');
  job.pass(20);
  assert.equal(job.status(), 'IssuesFound');
});

const exploding = { rule_to_invoke: 'ExplodingTensor' };
const step = (number: number, loss = 1): StepRecord => ({
  ...{ kind: 'step', step: number, epoch: 1, loss, learningRate: 0.002, gradientNorm: 1 },
  ...{ gradients: {}, weights: {}, activations: {} },
});
const exploded = step(5, Number.NaN);

test('what a rule found is there at once for the next attempt at the same job, and for no other', (context) => {
  const root = temporaryRoot(context);
  const killed = openJob(context, { root, rule: exploding });
  killed.watch.recording.onRecord(exploded);
  const other = openJob(context, { root, rule: exploding, name: 'cats' });
  assert.equal(other.status(), 'InProgress');
  const next = openJob(context, { root, rule: exploding });
  assert.equal(next.status(), 'IssuesFound');
  assert.match(next.lines.join('\n'), /Rule mine, before the restart: losses\/loss held 1 NaN value/);
  next.watch.end('Completed');
  const { RuleEvaluationStatus, Findings } = JSON.parse(readFileSync(join(root, 'output/rules/mine.json'), 'utf8'));
  assert.deepEqual([RuleEvaluationStatus, Findings.length], ['IssuesFound', 1]);
});

test('where only checkpoints survive, findings are beside them', (context) => {
  const checkpoint = join(temporaryRoot(context), 'head-0123456789abcdef-00003.checkpoint');
  const killed = openJob(context, { root: temporaryRoot(context), rule: exploding });
  killed.watch.recording.onRecord(step(0));
  killed.watch.checkpoint(checkpoint);
  killed.watch.recording.onRecord(exploded);
  const attempt = (name: string) => {
    const job = openJob(context, { root: temporaryRoot(context), rule: exploding, name });
    assert.equal(job.status(), 'InProgress');
    job.watch.checkpoint(checkpoint.replace('00003', '00002'));
    job.watch.recording.onRecord(step(4));
    return job;
  };
  assert.equal(attempt('dogs').status(), 'IssuesFound');
  const other = attempt('cats');
  other.watch.end('Completed');
  assert.equal(other.status(), 'NoIssuesFound');
  assert.match(other.told.at(-1)?.details ?? '', /saw no step before step 4/);
});
