import { readAction } from './action.ts';
import { ruleCatalog } from './catalog.ts';
import type { RuleDefinition } from './definition.ts';
import { type ParameterDefinition, type ParameterValue, readParameter, type Settings } from './parameter.ts';
import type { RuleAction, RuleConfiguration, RuleContext, RuleEvaluation, RuleKind } from './rule.ts';

/** A rule whose configuration was read and is in order. */
export interface ConfiguredRule {
  /** RuleConfigurationName. */
  readonly configuration: string;
  readonly definition: RuleDefinition;
  readonly settings: Settings;
  /** What the job does when it fires. */
  readonly action?: RuleAction;
}

export type ReadRule = { readonly rule: ConfiguredRule } | { readonly problem: string };

/**
 * Reads one of DebugRuleConfigurations or ProfilerRuleConfigurations.
 *
 * @param kind which of the two lists it stands in.
 * @returns the rule, or one sentence about what is wrong, for whoever words it as a fault or a status.
 */
export function readRuleConfiguration(configuration: RuleConfiguration, kind: RuleKind): ReadRule {
  const { rule_to_invoke: name, action_json: actionText = '', ...parameters } = configuration.parameters;
  const definition = ruleCatalog.find((candidate) => candidate.name === name);
  if (!definition || definition.kind !== kind) return problemOf(configuration, ruleProblem(name, kind, definition));
  const read = readSettings(definition, parameters);
  if ('problem' in read) return problemOf(configuration, read.problem);
  const actions = readAction(actionText);
  if ('problem' in actions) return problemOf(configuration, actions.problem);
  const action = read.settings.stop_training_on_fire === true ? 'stop-training' : actions.action;
  return {
    rule: { configuration: configuration.name, definition, settings: read.settings, ...(action && { action }) },
  };
}

/** Puts a rule to work on a job. */
export function createRule({ definition, settings }: ConfiguredRule, context: RuleContext): RuleEvaluation {
  return definition.create(settings, context);
}

function readSettings(
  definition: RuleDefinition,
  parameters: Readonly<Record<string, string>>,
): { readonly settings: Settings } | { readonly problem: string } {
  const settings: Record<string, ParameterValue> = {};
  for (const parameter of definition.parameters) settings[parameter.name] = parameter.default;
  for (const [name, text] of Object.entries(parameters)) {
    // The trial is the job itself; AWS fills the parameter in.
    if (name === 'base_trial') continue;
    const parameter = parameterOf(definition, name);
    if (!parameter) return { problem: unknownParameter(definition, name) };
    const read = readParameter(parameter, text);
    if ('problem' in read) return { problem: `${definition.name}: ${read.problem}.` };
    settings[parameter.name] = read.value;
  }
  return { settings };
}

/** ProfilerReport's own are told apart without regard to case, as smdebug_rulesconfig does. */
function parameterOf({ name: rule, parameters }: RuleDefinition, name: string): ParameterDefinition | undefined {
  const exact = parameters.find((candidate) => candidate.name === name);
  if (exact || rule !== 'ProfilerReport') return exact;
  return parameters.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
}

function ruleProblem(name: string | undefined, kind: RuleKind, definition: RuleDefinition | undefined): string {
  if (name === undefined) return 'RuleParameters has no rule_to_invoke; rules with code of your own are not served.';
  if (definition) return `${name} is a ${definition.kind} rule and belongs in ${listName(definition.kind)}.`;
  return `There is no rule ${name} in ${listName(kind)} here. Served are ${namesOf(kind)}.`;
}

function unknownParameter(definition: RuleDefinition, name: string): string {
  const names = definition.parameters.map((parameter: ParameterDefinition) => parameter.name);
  if (names.length === 0) return `${definition.name} has no parameter ${name}; it has none.`;
  return `${definition.name} has no parameter ${name}. It has ${names.join(', ')}.`;
}

const problemOf = (configuration: RuleConfiguration, problem: string) => ({
  problem: `${configuration.name}: ${problem}`,
});

const listName = (kind: RuleKind) => (kind === 'debugger' ? 'DebugRuleConfigurations' : 'ProfilerRuleConfigurations');

const namesOf = (kind: RuleKind) =>
  ruleCatalog
    .filter((rule) => rule.kind === kind)
    .map(({ name }) => name)
    .join(', ');
