import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trialRequest } from './definition.ts';
import { foundingSearch } from './laboratory.fixture.ts';

const { TrainingJobDefinition: founding } = foundingSearch('dogs');
if (founding === undefined) throw new TypeError('The founding search has no definition.');
const trial = { name: 'dogs-001-0a1b2c3d', tuned: { learning_rate: '0.01' }, metric: 'validation:accuracy' };

test('each trial has checkpoints of its own', () => {
  const definition = { ...founding, CheckpointConfig: { S3Uri: 's3://photos/checkpoints/' } };
  const { CheckpointConfig } = trialRequest(definition, trial);
  assert.deepEqual(CheckpointConfig, { S3Uri: 's3://photos/checkpoints/dogs-001-0a1b2c3d' });
});

test('a resource configuration of the tuning job’s own is that of its trials', () => {
  const { ResourceConfig: _, ...definition } = founding;
  const flexible = { InstanceType: 'ml.m5.xlarge', InstanceCount: 2 } as const;
  const request = trialRequest({ ...definition, HyperParameterTuningResourceConfig: flexible }, trial);
  assert.deepEqual(request.ResourceConfig, { InstanceType: 'ml.m5.xlarge', InstanceCount: 2, VolumeSizeInGB: 1 });
});

test('the log is searched for the metrics that a job would have, and for those that say whether there is a model', () => {
  const names = (request: ReturnType<typeof trialRequest>) =>
    request.AlgorithmSpecification?.MetricDefinitions?.map(({ Name }) => Name);
  const chance = ['validation:chance', 'validation:chance_p_value', 'validation:above_chance'];
  assert.deepEqual(names(trialRequest(founding, trial)), [
    ...['train:loss', 'validation:loss', 'validation:accuracy', ...chance],
  ]);
  const own = { ...founding.AlgorithmSpecification, TrainingInputMode: 'File' as const };
  const mine = { Name: 'mine', Regex: 'mine=(.*)' };
  const theirs = { Name: 'validation:chance_p_value', Regex: 'validation:accuracy=(.*)' };
  const defined = { ...own, MetricDefinitions: [mine, theirs] };
  assert.deepEqual(names(trialRequest({ ...founding, AlgorithmSpecification: defined }, trial)), [
    ...['mine', ...chance],
  ]);
});

test('rules are asked for by name in the environment, as AWS’s API has no member for them', () => {
  const WHIPPET_RULES = 'VanishingGradient, Overfit,ProfilerReport';
  const request = trialRequest({ ...founding, Environment: { WHIPPET_RULES, OTHER: 'stays' } }, trial);
  const invoked = (rules: readonly { readonly RuleParameters?: Record<string, string> | undefined }[] = []) =>
    rules.map(({ RuleParameters }) => RuleParameters?.rule_to_invoke);
  assert.deepEqual(invoked(request.DebugRuleConfigurations), ['VanishingGradient', 'Overfit']);
  assert.deepEqual(invoked(request.ProfilerRuleConfigurations), ['ProfilerReport']);
  assert.deepEqual(request.Environment, { OTHER: 'stays' });
});

test('or by the JSON that the container takes', () => {
  const debugRules = [{ RuleConfigurationName: 'r', RuleParameters: { rule_to_invoke: 'Overfit', patience: '3' } }];
  const debugHook = { S3OutputPath: 's3://photos/tensors' };
  const WHIPPET_RULES = JSON.stringify({ debugRules, debugHook, profiler: null });
  const request = trialRequest({ ...founding, Environment: { WHIPPET_RULES } }, trial);
  assert.deepEqual(request.DebugRuleConfigurations, debugRules);
  assert.deepEqual(request.DebugHookConfig, debugHook);
  assert.equal(request.ProfilerConfig, undefined);
});

test('rules that make no sense are refused with what is wrong', () => {
  const cases: [string, RegExp][] = [
    ['Overfitt', /"Overfitt" is none of its rules, which are .*Overfit/],
    ['{"debugRules":', /it is not JSON/],
    ['{"rules": []}', /"rules" is none of debugHook, debugRules, profiler, profilerRules/],
    ['{"debugRules": {}}', /"debugRules" must be a list of objects/],
    ['{"debugRules": ["Overfit"]}', /"debugRules" must be a list of objects/],
    ['{"debugHook": []}', /"debugHook" must be an object/],
  ];
  for (const [WHIPPET_RULES, message] of cases) {
    const definition = { ...founding, Environment: { WHIPPET_RULES } };
    assert.throws(() => trialRequest(definition, trial), { name: 'AwsFault', message });
  }
});
