import { ruleCatalog } from './catalog.ts';
import type { RuleDefinition } from './definition.ts';
import type { ParameterDefinition, ParameterValue } from './parameter.ts';
import type { RuleKind } from './rule.ts';

/** The rules of one kind with their parameters as Markdown: docs/rules.md holds exactly this. */
export function ruleTable(kind: RuleKind): string {
  return ruleCatalog
    .filter((rule) => rule.kind === kind)
    .map(ruleText)
    .join('\n\n');
}

function ruleText({ name, fires, here, parameters }: RuleDefinition): string {
  const paragraphs = [`### ${name}`, `Fires when ${fires}.`, here, parameterTable(name, parameters)];
  return paragraphs.filter((paragraph) => paragraph !== undefined).join('\n\n');
}

function parameterTable(rule: string, parameters: readonly ParameterDefinition[]): string | undefined {
  if (rule === 'ProfilerReport') {
    return 'Parameters: those of the rules that it runs, as `RULE_PARAMETER`: `CPUBottleneck_threshold`.';
  }
  const rows = parameters.map(
    (parameter) =>
      `| \`${parameter.name}\` | ${defaultText(parameter.default)} | ${possible(parameter)} | ${parameter.meaning} |`,
  );
  return ['| parameter | default | possible | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function defaultText(value: ParameterValue): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' ? value.map((item) => `\`${item}\``).join(', ') : String(value);
}

function possible({ type, minimum, maximum, oneOf }: ParameterDefinition): string {
  if (oneOf) return oneOf.join(', ');
  if (type === 'boolean') return 'True, False';
  if (type === 'names') return 'names, with commas between them';
  if (type === 'patterns') return 'regular expressions, with commas between them';
  if (type === 'text') return 'text';
  const what = type === 'integer' ? 'whole number' : 'number';
  if (minimum === undefined) return what;
  return maximum === undefined ? `${what} ≥ ${minimum}` : `${what} from ${minimum} to ${maximum}`;
}
