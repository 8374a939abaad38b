import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ruleCatalog } from './catalog.ts';
import { type ReadRule, readRuleConfiguration } from './configuration.ts';
import { createEvaluations, type EarlierState } from './evaluations.ts';
import type { ProfileRecord, TrainingRecord } from './records.ts';
import type { RuleKind } from './rule.ts';
import { context } from './testing/judge.ts';
import { epoch, sample, step, summary } from './testing/records.ts';

const asked = (name: string, kind: RuleKind, parameters: Record<string, string>) => {
  const configuration = { name, parameters };
  return { configuration: name, kind, read: readRuleConfiguration(configuration, kind) };
};
const exploding = asked('gradients', 'debugger', { rule_to_invoke: 'ExplodingTensor' });
const overfitting = asked('fit', 'debugger', {
  ...{ rule_to_invoke: 'Overfit', action_json: '{"name": "stoptraining"}' },
});
const cpu = asked('cpu', 'profiler', { rule_to_invoke: 'CPUBottleneck', patience: '2' });
const exploded = (number: number) => step(number, { gradients: { weight0: summary({ nan: 1 }) } });

describe('evaluations', () => {
  test('rules are in progress, then have found something or nothing', () => {
    const run = createEvaluations([exploding, cpu], context);
    assert.deepEqual(
      run.start().map(({ configuration, status }) => [configuration, status]),
      [
        ['gradients', 'InProgress'],
        ['cpu', 'InProgress'],
      ],
    );
    assert.deepEqual(run.observe(step(0)), []);
    const [change, ...more] = run.observe(exploded(1));
    assert.deepEqual([change?.configuration, change?.status, change?.findings.length], ['gradients', 'IssuesFound', 1]);
    assert.equal(change?.details, change?.findings[0]?.message);
    assert.deepEqual(more, []);
    assert.deepEqual(run.observe(exploded(2)), [], 'told once');
    const ended = run.finish().map(({ configuration, status, details }) => [configuration, status, details]);
    assert.deepEqual(ended, [
      [
        'gradients',
        'IssuesFound',
        `${change?.details} It held 2 times in all, last at step 2; the highest value was 1.`,
      ],
      ['cpu', 'NoIssuesFound', 'The rule waits for 2 samples (patience); there were 0.'],
    ]);
    assert.deepEqual(run.finish(), [], 'the end is told once');
    assert.deepEqual(run.observe(exploded(3)), [], 'nothing comes after it');
  });

  test('a rule sees records of its kind only', () => {
    const run = createEvaluations([exploding, cpu], context);
    run.start();
    for (let second = 0; second < 5; second++) run.observe(sample(second, { cpu: [99] }));
    run.observe(exploded(0));
    assert.deepEqual(
      run.finish().map(({ configuration, status }) => [configuration, status]),
      [['cpu', 'IssuesFound']],
      'gradients were told before, with nothing to add',
    );
    assert.deepEqual(
      run.states().map(({ status, findings }) => [status, findings.length]),
      [
        ['IssuesFound', 1],
        ['IssuesFound', 1],
      ],
    );
  });

  test('an action is asked for once, with the first finding', () => {
    const run = createEvaluations([overfitting], context);
    run.start();
    const actions = [1, 2, 3].flatMap((number) =>
      run.observe(epoch(number, { validLoss: 9 })).map(({ action }) => action),
    );
    assert.deepEqual(actions, ['stop-training']);
    assert.equal(run.finish()[0]?.action, undefined);
  });

  describe('of a job that was restarted', () => {
    const interrupted = (rules: Parameters<typeof createEvaluations>[0], records: readonly TrainingRecord[]) => {
      const run = createEvaluations(rules, context);
      run.start();
      for (const record of records) run.observe(record);
      return run.states();
    };
    const restarted = (rules: Parameters<typeof createEvaluations>[0], states: readonly EarlierState[]) => {
      const run = createEvaluations(rules, context);
      run.start();
      return { run, changes: run.recall(JSON.parse(JSON.stringify(states))) };
    };

    test('what was found stays found, is told once and asks for the same', () => {
      const before = interrupted([exploding, overfitting], [step(0), exploded(1), epoch(1, { validLoss: 9 })]);
      const { run, changes } = restarted([exploding, overfitting, cpu], before);
      assert.deepEqual(
        changes.map(({ status, details, findings, action }) => [status, details, findings, action]),
        before.map(({ details }, at) => ['IssuesFound', details, [], at === 0 ? undefined : 'stop-training']),
      );
      assert.deepEqual(run.recall(before), [], 'nothing new');
      assert.deepEqual(run.observe(exploded(1)), [], 'a step that is repeated');
      assert.equal(run.observe(epoch(2, { validLoss: 9 }))[0]?.action, undefined);
      run.finish();
      const [gradients] = run.states();
      assert.deepEqual([gradients?.status, gradients?.findings], ['IssuesFound', before[0]?.findings]);
    });

    test('a rule that did not see the beginning says so, and one of an earlier attempt that it judges anew', () => {
      const details = (states: readonly EarlierState[], rules = [exploding]) => {
        const { run } = restarted(rules, states);
        for (const number of [270, 271]) run.observe(step(number));
        return run.finish()[0]?.details;
      };
      assert.equal(details([]), 'The rule saw no step before step 270, where training went on from a checkpoint.');
      const anew = 'What lasts over several steps was judged anew from step 270 on, where the job was restarted.';
      assert.equal(details(interrupted([exploding], [step(0)])), anew);
      assert.match(details(interrupted([exploding], [step(30)])) ?? '', /no step before step 30, .* from step 270 on/);
      assert.doesNotMatch(details(interrupted([overfitting], [step(0)])) ?? '', /anew/, 'another rule');
    });

    test('findings of the rules that ProfilerReport runs are among theirs', () => {
      const report = asked('report', 'profiler', { rule_to_invoke: 'ProfilerReport', CPUBottleneck_patience: '2' });
      const busy = createEvaluations([report], context);
      busy.start();
      for (let second = 0; second < 5; second++) busy.observe(sample(second, { cpu: [99] }));
      busy.finish();
      const { run } = restarted([report], busy.states());
      run.finish();
      const part = run.states()[0]?.parts?.find(({ rule }) => rule === 'CPUBottleneck');
      assert.deepEqual([part?.findings.length, part?.details], [1, part?.findings[0]?.message]);
    });
  });

  test('a job that is stopped leaves rules stopped, but for those that found something', () => {
    const run = createEvaluations([exploding, overfitting], context);
    run.start();
    run.observe(exploded(0));
    run.stop();
    assert.deepEqual(
      run.states().map(({ status }) => status),
      ['IssuesFound', 'Stopped'],
    );
  });

  test('a configuration with a problem is an error, and the others go on', () => {
    const run = createEvaluations([asked('dead', 'debugger', { rule_to_invoke: 'DeadRelu' }), exploding], context);
    const [dead] = run.start();
    assert.equal(dead?.status, 'Error');
    assert.match(dead?.details ?? '', /no rule DeadRelu/);
    assert.equal(run.observe(exploded(0)).length, 1);
    assert.deepEqual(
      run.finish().map(({ configuration }) => configuration),
      [],
    );
  });

  test('a rule that throws is an error, and the others go on', () => {
    const broken: ReadRule = {
      rule: {
        ...{ configuration: 'broken', settings: {} },
        definition: {
          ...{ name: 'Broken', kind: 'debugger', fires: '', parameters: [] },
          create: () => ({
            observe() {
              throw new RangeError('no such step');
            },
            tick: () => [],
            finish: () => [],
          }),
        },
      },
    };
    const run = createEvaluations([{ configuration: 'broken', kind: 'debugger', read: broken }, exploding], context);
    run.start();
    const changes = run.observe(exploded(0)).map(({ status, details }) => [status, details]);
    assert.deepEqual(changes[0], ['Error', 'The rule failed: no such step']);
    assert.equal(changes[1]?.[0], 'IssuesFound');
    assert.equal(run.observe(exploded(1)).length, 0);
  });
});

/** Whatever a broken training or machine could leave: NaN, infinities, negative steps, times that go back, empty lists. */
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, -1));
const tensor = fc.record({
  ...{ elements: number, mean: number, absoluteMean: number, variance: number, minimum: number, maximum: number },
  ...{ nan: number, infinite: number, inactive: number },
});
const tensors = fc.dictionary(fc.constantFrom('weight0', 'bias0', 'units', 'logits', '__proto__'), tensor);
const counts = fc.array(number, { maxLength: 4 });
const host = fc.constantFrom('algo-1', 'algo-2');
const record: fc.Arbitrary<TrainingRecord | ProfileRecord> = fc.oneof(
  fc.record({
    ...{ kind: fc.constant('step' as const), step: number, epoch: number, loss: number, learningRate: number },
    ...{ gradientNorm: number, gradients: tensors, weights: tensors, activations: tensors },
  }),
  fc.record({
    ...{ kind: fc.constant('epoch' as const), epoch: number, step: number, trainLoss: number, validLoss: number },
    ...{ validAccuracy: number, validPictures: counts, validMistakes: counts },
  }),
  fc.record({
    ...{ kind: fc.constant('inputs' as const), classes: fc.array(fc.string()), trainPictures: counts },
    classWeights: fc.constantFrom('none' as const, 'balanced' as const),
    pixels: fc.record({ mean: number, pictures: number }),
  }),
  fc.record({
    ...{ kind: fc.constant('tensor' as const), step: number, collection: fc.constant('gradients' as const) },
    ...{ name: fc.string(), dims: counts, data: fc.float32Array() },
  }),
  fc.record({ kind: fc.constant('progress' as const), stage: fc.string(), done: number, total: number }),
  fc.record({
    ...{ kind: fc.constant('system' as const), time: number, host, cpu: counts, ioWait: number },
    memory: fc.record({ used: number, total: number }),
    disk: fc.record({ read: number, written: number }),
    network: fc.record({ received: number, sent: number }),
    gpu: fc.array(fc.record({ utilization: number, memory: number }), { maxLength: 2 }),
  }),
  fc.record({
    ...{ kind: fc.constant('timing' as const), host, epoch: number, step: number, steps: number, start: number },
    seconds: number,
  }),
  fc.record({ kind: fc.constant('phase' as const), host, name: fc.string(), start: number, end: number }),
);

describe('whatever comes', () => {
  const eager = { patience: '1', scan_interval_us: '1', samples: '1', threshold_samples: '1', num_steps: '1' };

  /** Each rule with its defaults, and once so that it judges as early as it can. */
  const all = ruleCatalog.flatMap(({ name, kind, parameters }) => {
    const known = Object.entries(eager).filter(([key]) => parameters.some((parameter) => parameter.name === key));
    return [{}, Object.fromEntries(known)].map((over) => asked(name, kind, { rule_to_invoke: name, ...over }));
  });

  test('no rule throws, and findings survive JSON', () => {
    const ended = new Set(['IssuesFound', 'NoIssuesFound']);
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), number, (records, now) => {
        const run = createEvaluations(all, context);
        const changes = [
          ...run.start(),
          ...records.flatMap((one) => run.observe(one)),
          ...run.tick(now),
          ...run.finish(),
        ];
        for (const { status, details } of run.states()) assert.ok(ended.has(status), details);
        const findings = changes.flatMap((change) => change.findings);
        for (const finding of findings) assert.ok(Number.isFinite(finding.value), JSON.stringify(finding));
      }),
      { numRuns: 150 },
    );
  });

  test('a long and bad job leaves few findings', () => {
    const run = createEvaluations(all, context);
    run.start();
    for (let i = 0; i < 1500; i++) {
      const bad = summary({ absoluteMean: 0, nan: 1 });
      const names = Array.from({ length: 60 }, (_, tensorNumber) => [`weight${tensorNumber}`, bad]);
      run.observe(step(i, { loss: 1, gradients: Object.fromEntries(names) }));
      run.observe(epoch(i + 1, { validLoss: 9, validMistakes: [50, 50] }));
      run.observe(sample(i, { cpu: [99], ioWait: 99, gpu: [{ utilization: 1, memory: 1 }] }));
    }
    run.finish();
    for (const { rule, findings } of run.states()) assert.ok(findings.length <= 102, `${rule}: ${findings.length}`);
  });
});
