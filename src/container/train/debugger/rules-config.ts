import { userError } from '../../../errors/index.ts';
import {
  type ConfiguredRule,
  type ReadRule,
  type RuleKind,
  readRuleConfiguration,
  samplingIntervals,
} from '../../../rules/index.ts';
import { isObject, type JsonObject } from '../config-file.ts';
import { type Hook, readHook } from './hook.ts';

/** A rule that the job asks for, as `createEvaluations` takes it. */
export interface AskedRule {
  readonly configuration: string;
  readonly kind: RuleKind;
  readonly read: ReadRule;
}

export interface RulesConfig {
  readonly rules: readonly AskedRule[];
  readonly hook: Hook | undefined;
  /** Milliseconds between two looks at the machine; undefined where nobody asks for any. */
  readonly samplingMs: number | undefined;
}

/** ProfilingIntervalInMilliseconds without a wish, as on AWS. */
const defaultSamplingMs = 500;

/**
 * rulesconfig.json: `{ debugHook, debugRules, profilerRules, profiler }`, each as in CreateTrainingJob. A rule that cannot be read is no
 * failure of the job: it gets the status Error.
 * @throws WHIPPET_CONTAINER_CONFIG where the file has another form
 */
export function readRulesConfig(config: JsonObject | undefined): RulesConfig {
  if (config === undefined) return { rules: [], hook: undefined, samplingMs: undefined };
  const { debugHook, debugRules, profilerRules, profiler } = config;
  const rules = [...asked(debugRules, 'debugger'), ...asked(profilerRules, 'profiler')];
  return {
    rules,
    hook: isObject(debugHook) ? readHook(debugHook) : undefined,
    samplingMs: rules.some(({ kind }) => kind === 'profiler') ? samplingOf(profiler) : undefined,
  };
}

/** The rules whose configuration is in order. */
export function configuredRules(rules: readonly AskedRule[]): ConfiguredRule[] {
  return rules.flatMap(({ read }) => ('rule' in read ? [read.rule] : []));
}

function samplingOf(profiler: unknown): number | undefined {
  if (!isObject(profiler)) return defaultSamplingMs;
  const { DisableProfiler: disabled, ProfilingIntervalInMilliseconds: interval } = profiler;
  if (disabled === true) return undefined;
  return typeof interval === 'number' && samplingIntervals.includes(interval) ? interval : defaultSamplingMs;
}

function asked(list: unknown, kind: RuleKind): AskedRule[] {
  if (list === undefined || list === null) return [];
  const refuse = (): never => {
    throw userError('WHIPPET_CONTAINER_CONFIG', {
      path: 'rulesconfig.json',
      reason: `its list of ${kind} rules needs objects with RuleConfigurationName and RuleParameters`,
    });
  };
  if (!Array.isArray(list)) return refuse();
  return list.map((entry: unknown) => {
    if (!isObject(entry)) return refuse();
    const { RuleConfigurationName: name, RuleParameters: given = {} } = entry;
    if (typeof name !== 'string' || !isObject(given)) return refuse();
    const parameters = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
    return { configuration: name, kind, read: readRuleConfiguration({ name, parameters }, kind) };
  });
}
