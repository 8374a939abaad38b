import type { RuleAction } from './rule.ts';

/**
 * `action_json`, as smdebug_rulesconfig writes it: `{"name": "stoptraining", "training_job_prefix": "…"}`, one or a list, with the
 * quotes escaped (`\"`), since the rule container pastes it into a string. The prefix is without meaning here: a rule stops its own job.
 */
export function readAction(text: string): { readonly action: RuleAction | undefined } | { readonly problem: string } {
  const trimmed = text.trim();
  if (trimmed === '') return { action: undefined };
  const parsed = parse(trimmed) ?? parse(trimmed.replaceAll('\\"', '"'));
  if (parsed === undefined) return { problem: `action_json is not JSON: "${text}"` };
  const actions = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  let action: RuleAction | undefined;
  for (const entry of actions) {
    const name = entry && typeof entry === 'object' && 'name' in entry ? String(entry.name) : undefined;
    if (name?.toLowerCase() !== 'stoptraining') return { problem: unknownAction(name) };
    action = 'stop-training';
  }
  return { action };
}

function unknownAction(name: string | undefined): string {
  if (name === undefined) return 'action_json holds objects with a name';
  return `the action ${name} is not served (it would go through Amazon SNS); stoptraining is`;
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
