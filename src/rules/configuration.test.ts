import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ruleCatalog } from './catalog.ts';
import { readRuleConfiguration } from './configuration.ts';
import { recordingNeeds } from './recording-needs.ts';
import type { RuleKind } from './rule.ts';

const read = (parameters: Record<string, string>, kind: RuleKind = 'debugger') =>
  readRuleConfiguration({ name: 'mine', parameters }, kind);

function problem(parameters: Record<string, string>, kind?: RuleKind): string {
  const result = read(parameters, kind);
  assert.ok('problem' in result, 'it was accepted');
  return result.problem;
}

function rule(parameters: Record<string, string>, kind?: RuleKind) {
  const result = read(parameters, kind);
  assert.ok('rule' in result, JSON.stringify(result));
  return result.rule;
}

describe('the configuration of a rule', () => {
  test('every rule of the catalogue starts from its defaults', () => {
    for (const { name, kind, parameters } of ruleCatalog) {
      const { settings } = rule({ rule_to_invoke: name }, kind);
      assert.deepEqual(
        Object.keys(settings),
        parameters.map((parameter) => parameter.name),
      );
    }
  });

  test('every default passes as text, as the Python SDK sends it', () => {
    for (const { name, kind, parameters } of ruleCatalog) {
      for (const parameter of parameters) {
        if (parameter.default === null) continue;
        const text =
          typeof parameter.default === 'boolean' ? (parameter.default ? 'True' : 'False') : `${parameter.default}`;
        const { settings } = rule({ rule_to_invoke: name, [parameter.name]: text }, kind);
        assert.deepEqual(settings[parameter.name], parameter.default, `${name} ${parameter.name}`);
      }
    }
  });

  test('the parameters of the examples in AWS’s guide are known', () => {
    const examples = [
      {
        rule_to_invoke: 'CheckInputImages',
        threshold_mean: '0.2',
        threshold_samples: '500',
        regex: '.*x',
        channel: '1',
      },
      {
        ...{ rule_to_invoke: 'ClassImbalance', threshold_imbalance: '10', threshold_misprediction: '0.7' },
        ...{ samples: '500', argmax: 'False', labels_regex: '.*labels', predictions_regex: '.*predictions' },
      },
      {
        ...{ rule_to_invoke: 'LossNotDecreasing', tensor_regex: '.*', use_losses_collection: 'True', num_steps: '10' },
        ...{ diff_percent: '0.1', increase_threshold_percent: '5', mode: 'GLOBAL' },
      },
      { rule_to_invoke: 'Overfit', tensor_regex: '.*', start_step: '0', patience: '1', ratio_threshold: '0.1' },
      { rule_to_invoke: 'StalledTrainingRule', threshold: '1800', stop_training_on_fire: 'False', base_trial: 'x' },
    ];
    for (const example of examples) rule(example);
  });

  test('rules that are not served are refused by name, and those that are served are told', () => {
    assert.match(problem({ rule_to_invoke: 'DeadRelu' }), /^mine: There is no rule DeadRelu .*VanishingGradient, /);
    assert.match(problem({ rule_to_invoke: 'BatchSize' }, 'profiler'), /no rule BatchSize .*LowGPUUtilization, /);
    assert.match(problem({}), /no rule_to_invoke/);
  });

  test('a rule belongs in one of the two lists', () => {
    assert.match(
      problem({ rule_to_invoke: 'CPUBottleneck' }),
      /profiler rule and belongs in ProfilerRuleConfigurations/,
    );
    assert.match(problem({ rule_to_invoke: 'Overfit' }, 'profiler'), /belongs in DebugRuleConfigurations/);
  });

  test('parameters that a rule does not have are refused with those it has', () => {
    assert.match(problem({ rule_to_invoke: 'Overfit', ratio: '1' }), /no parameter ratio. It has .*ratio_threshold/);
    assert.match(problem({ rule_to_invoke: 'Overfit', constructor: '1' }), /no parameter constructor/);
  });

  test('values are told with what they should be', () => {
    const value = (name: string, text: string) => problem({ rule_to_invoke: 'Overfit', [name]: text });
    assert.match(value('ratio_threshold', 'much'), /is a number, not "much"/);
    assert.match(value('ratio_threshold', ''), /is a number/);
    assert.match(value('ratio_threshold', '-1'), /at 0 or above; -1 does not/);
    assert.match(value('patience', '1.5'), /whole number/);
    assert.match(value('patience', 'Infinity'), /whole number/);
    assert.match(value('tensor_regex', '('), /regular expressions; "\(" is none/);
    assert.match(problem({ rule_to_invoke: 'LossNotDecreasing', mode: 'PREDICT' }), /one of TRAIN, EVAL, GLOBAL/);
    assert.match(problem({ rule_to_invoke: 'StalledTrainingRule', stop_training_on_fire: 'often' }), /True or False/);
    assert.match(problem({ rule_to_invoke: 'CPUBottleneck', threshold: '101' }, 'profiler'), /between 0 and 100/);
  });

  test('lists come with commas or in Python’s brackets', () => {
    const names = (text: string) => rule({ rule_to_invoke: 'ExplodingTensor', collection_names: text }).settings;
    assert.deepEqual(names('weights, gradients').collection_names, ['weights', 'gradients']);
    assert.deepEqual(names("['weights', 'gradients']").collection_names, ['weights', 'gradients']);
  });
});

describe('actions', () => {
  const action = (text: string) => rule({ rule_to_invoke: 'Overfit', action_json: text }).action;

  test('StopTraining stops, as the SDK writes it and as JSON', () => {
    assert.equal(action('{\\"name\\": \\"stoptraining\\", \\"training_job_prefix\\": \\"dogs\\"}'), 'stop-training');
    assert.equal(action('[{"name": "stoptraining"}]'), 'stop-training');
    assert.equal(rule({ rule_to_invoke: 'Overfit' }).action, undefined);
  });

  test('stop_training_on_fire does, too', () => {
    const given = { rule_to_invoke: 'StalledTrainingRule', stop_training_on_fire: 'True' };
    assert.equal(rule(given).action, 'stop-training');
  });

  test('mails and messages are refused by name', () => {
    const refused = (text: string) => problem({ rule_to_invoke: 'Overfit', action_json: text });
    assert.match(
      refused('[{"name": "stoptraining"}, {"name": "email", "endpoint": "a@b.cc"}]'),
      /action email is not served/,
    );
    assert.match(refused('stop'), /not JSON: "stop"/);
    assert.match(refused('[1]'), /objects with a name/);
  });
});

test('rules say what must be recorded for them', () => {
  assert.deepEqual(recordingNeeds([rule({ rule_to_invoke: 'Overfit' })]), { pixels: 0, gradientsBefore: 0 });
  const rules = [
    rule({ rule_to_invoke: 'CheckInputImages' }),
    rule({ rule_to_invoke: 'CheckInputImages', threshold_samples: '20' }),
    rule({ rule_to_invoke: 'PoorWeightInitialization', steps: '7' }),
  ];
  assert.deepEqual(recordingNeeds(rules), { pixels: 500, gradientsBefore: 7 });
});
