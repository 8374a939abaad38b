import type { RuleDefinition } from '../definition.ts';
import { sentencesOf } from '../findings.ts';
import type { ParameterDefinition, ParameterValue, Settings } from '../parameter.ts';
import type { Finding, RuleContext, RuleEvaluation, RulePart } from '../rule.ts';

/**
 * "Invokes all of the monitoring and profiling rules and creates a profiling report." Parameters of those rules are given as
 * `<rule>_<parameter>`.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-profiler-rules.html#profiler-report
 */
export function profilerReport(rules: readonly RuleDefinition[]): RuleDefinition {
  return {
    name: 'ProfilerReport',
    kind: 'profiler',
    fires: 'one of the rules that it runs fires',
    here: `It runs ${rules.map(({ name }) => name).join(', ')}, and writes profiler-report.html and profiler-report.json when the job ends.`,
    parameters: rules.flatMap(({ name, parameters }) =>
      parameters.map((parameter): ParameterDefinition => ({ ...parameter, name: `${name}_${parameter.name}` })),
    ),
    create(settings, context) {
      const parts = rules.map((rule) => openPart(rule, settings, context));
      return {
        observe: (record) => parts.flatMap((part) => part.take(part.evaluation.observe(record))),
        tick: (now) => parts.flatMap((part) => part.take(part.evaluation.tick(now))),
        finish: () => parts.flatMap((part) => part.take(part.evaluation.finish())),
        parts: () => parts.map((part) => part.state()),
      };
    },
  };
}

interface Part {
  readonly evaluation: RuleEvaluation;
  take(findings: readonly Finding[]): readonly Finding[];
  state(): RulePart;
}

function openPart(rule: RuleDefinition, settings: Settings, context: RuleContext): Part {
  const evaluation = rule.create(settingsOf(rule, settings), context);
  const kept: Finding[] = [];
  return {
    evaluation,
    take(findings) {
      kept.push(...findings.slice(0, mostKept - kept.length));
      return findings;
    },
    state() {
      const details = kept.length > 0 ? sentencesOf(kept) : evaluation.note?.();
      return { rule: rule.name, findings: kept, ...(details !== undefined && { details }) };
    },
  };
}

/** Of each rule; each tells a subject once and once more in the end, so that this is hardly reached. */
const mostKept = 200;

function settingsOf(rule: RuleDefinition, settings: Settings): Settings {
  const own: Record<string, ParameterValue> = {};
  for (const { name } of rule.parameters) own[name] = settings[`${rule.name}_${name}`] ?? null;
  return own;
}
