import type { HyperParameterTrainingJobDefinition } from '@aws-sdk/client-sagemaker';
import { ruleCatalog } from '../../../rules/index.ts';
import { validation } from '../errors.ts';
import type { TrainingRequest } from '../training/record.ts';

/** The variable that asks for rules, as for the container where it finds no rulesconfig.json. */
const variable = 'WHIPPET_RULES';

type Environment = NonNullable<HyperParameterTrainingJobDefinition['Environment']>;

type RuleMembers = Pick<
  TrainingRequest,
  'DebugHookConfig' | 'DebugRuleConfigurations' | 'ProfilerConfig' | 'ProfilerRuleConfigurations'
>;

/**
 * AWS's API has no rules for the training jobs of a tuning job: HyperParameterTrainingJobDefinition takes Environment, and no more. So rules
 * are asked for there, and become those of each trial's CreateTrainingJob: either the names of rules, `VanishingGradient,Overfit`, or the
 * JSON that the container takes. A value has at most 512 characters, which the JSON of six rules exceeds.
 * @returns the members, and the environment without the variable.
 * @throws AwsFault ValidationException.
 */
export function rulesOfTrials(environment: Environment | undefined): RuleMembers & { environment?: Environment } {
  if (environment === undefined) return {};
  const { [variable]: text, ...rest } = environment;
  if (text === undefined) return { environment };
  const members = text.trimStart().startsWith('{') ? readConfig(text) : readNames(text);
  return { ...members, environment: rest };
}

function readNames(text: string): RuleMembers {
  const names = text.split(',').map((name) => name.trim());
  const configurations = (kind: 'debugger' | 'profiler') =>
    names
      .filter((name) => kindOf(name) === kind)
      .map((name) => ({ ...builtIn, RuleConfigurationName: name, RuleParameters: { rule_to_invoke: name } }));
  return {
    DebugRuleConfigurations: configurations('debugger'),
    ProfilerRuleConfigurations: configurations('profiler'),
  };
}

/** A required member of both configurations that says nothing here: the rules run in the training's own process. */
const builtIn = { RuleEvaluatorImage: 'whippet' } as const;

function kindOf(name: string): 'debugger' | 'profiler' {
  const kind = ruleCatalog.find((rule) => rule.name === name)?.kind;
  if (kind !== undefined) return kind;
  const known = ruleCatalog.map((rule) => rule.name).join(', ');
  throw refused(`"${name}" is none of its rules, which are ${known}`);
}

function readConfig(text: string): RuleMembers {
  const { debugHook, debugRules, profiler, profilerRules } = parse(text);
  return {
    ...(debugHook && { DebugHookConfig: debugHook }),
    ...(debugRules && { DebugRuleConfigurations: debugRules }),
    ...(profiler && { ProfilerConfig: profiler }),
    ...(profilerRules && { ProfilerRuleConfigurations: profilerRules }),
  };
}

interface RulesConfig {
  readonly debugHook?: RuleMembers['DebugHookConfig'] | null;
  readonly debugRules?: RuleMembers['DebugRuleConfigurations'];
  readonly profiler?: RuleMembers['ProfilerConfig'] | null;
  readonly profilerRules?: RuleMembers['ProfilerRuleConfigurations'];
}

const shapes = { debugHook: 'object', debugRules: 'list', profiler: 'object', profilerRules: 'list' } as const;

function parse(text: string): RulesConfig {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw refused(`it is not JSON (${(error as Error).message})`);
  }
  for (const [member, value] of Object.entries(parsed)) {
    const shape = Object.hasOwn(shapes, member) ? shapes[member as keyof typeof shapes] : undefined;
    if (shape === undefined) throw refused(`"${member}" is none of ${Object.keys(shapes).join(', ')}`);
    const list = Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
    if (shape === 'list' ? !list : typeof value !== 'object' || Array.isArray(value)) {
      throw refused(`"${member}" must be ${shape === 'list' ? 'a list of objects' : 'an object'}`);
    }
  }
  return parsed as RulesConfig;
}

function refused(reason: string): Error {
  return validation(
    `Environment.${variable} of the training job definition names rules, such as "VanishingGradient,Overfit", or holds their JSON; ${reason}.`,
  );
}
