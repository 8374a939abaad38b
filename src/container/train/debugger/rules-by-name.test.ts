import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesByName } from './rules-by-name.ts';

test('names become configurations in the list of their kind; one that no rule has is left for its status to tell', () => {
  const configured = (name: string) => ({ RuleConfigurationName: name, RuleParameters: { rule_to_invoke: name } });
  assert.deepEqual(rulesByName('Overfit, ProfilerReport ,Overfitt'), {
    debugRules: [configured('Overfit'), configured('Overfitt')],
    profilerRules: [configured('ProfilerReport')],
  });
});
