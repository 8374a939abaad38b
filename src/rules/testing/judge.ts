import assert from 'node:assert/strict';
import { createRule, readRuleConfiguration } from '../configuration.ts';
import type { ProfileRecord, TrainingRecord } from '../records.ts';
import type { Finding, RuleContext, RuleKind } from '../rule.ts';

export const context: RuleContext = { hosts: ['algo-1'], startedAt: 1_700_000_000 };

/** What a rule finds in records, the findings of its end among them. */
export function judge(
  rule: string,
  parameters: Readonly<Record<string, string>>,
  records: readonly (TrainingRecord | ProfileRecord)[],
): { readonly findings: readonly Finding[]; readonly note: string | undefined } {
  const evaluation = open(rule, parameters);
  const findings = [...records.flatMap((record) => evaluation.observe(record)), ...evaluation.finish()];
  return { findings, note: evaluation.note?.() };
}

export function open(rule: string, parameters: Readonly<Record<string, string>> = {}) {
  const kinds: readonly RuleKind[] = ['debugger', 'profiler'];
  const reads = kinds.map((kind) =>
    readRuleConfiguration({ name: rule, parameters: { ...parameters, rule_to_invoke: rule } }, kind),
  );
  const read = reads.find((one) => 'rule' in one);
  assert.ok(read && 'rule' in read, JSON.stringify(reads));
  return createRule(read.rule, context);
}
