import { ruleCatalog } from '../../../rules/index.ts';
import type { JsonObject } from '../config-file.ts';

/**
 * `VanishingGradient,Overfit`: rules with AWS's defaults, as rulesconfig.json would have them. AWS takes 512 characters in a variable, which
 * the JSON of six rules exceeds. A name that no rule has is told by the rule's status, as in the JSON.
 */
export function rulesByName(text: string): JsonObject {
  const names = text.split(',').map((name) => name.trim());
  const isProfiler = (name: string): boolean => ruleCatalog.find((rule) => rule.name === name)?.kind === 'profiler';
  const configured = (name: string) => ({ RuleConfigurationName: name, RuleParameters: { rule_to_invoke: name } });
  return {
    debugRules: names.filter((name) => !isProfiler(name)).map(configured),
    profilerRules: names.filter(isProfiler).map(configured),
  };
}
