import { type RuleKind, readRuleConfiguration } from '../../../rules/index.ts';
import { validation } from '../errors.ts';
import { parseS3Uri } from '../s3-uri.ts';
import type { TrainingRequest } from './record.ts';

/** https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html */
const mostRules = 20;

interface RuleConfigurationInput {
  readonly RuleConfigurationName?: string | undefined;
  readonly RuleParameters?: Readonly<Record<string, string>> | undefined;
  readonly S3OutputPath?: string | undefined;
}

/** @throws AwsFault ValidationException. */
export function checkRules(request: TrainingRequest): void {
  const debug = request.DebugRuleConfigurations ?? [];
  const profiler = request.ProfilerRuleConfigurations ?? [];
  if (debug.length + profiler.length > mostRules) {
    throw validation(
      `A training job has at most ${mostRules} rules, and ${debug.length + profiler.length} were given.`,
    );
  }
  const names = new Set<string>();
  const rules = [
    ...debug.map((rule) => ({ rule, kind: 'debugger' }) as const),
    ...profiler.map((rule) => ({ rule, kind: 'profiler' }) as const),
  ];
  for (const { rule, kind } of rules) {
    checkRule(rule, kind);
    const name = rule.RuleConfigurationName ?? '';
    if (names.has(name)) throw validation(`Duplicate rule configuration name: "${name}".`);
    names.add(name);
  }
}

function checkRule(rule: RuleConfigurationInput, kind: RuleKind): void {
  const read = readRuleConfiguration(configurationOf(rule), kind);
  if ('problem' in read) throw validation(read.problem);
  const { RuleConfigurationName: name = '', S3OutputPath } = rule;
  if (S3OutputPath !== undefined) parseS3Uri(S3OutputPath, `S3OutputPath of rule "${name}"`);
}

function configurationOf({
  RuleConfigurationName: name = '',
  RuleParameters: parameters = {},
}: RuleConfigurationInput) {
  return { name, parameters };
}

/** Whether the rule of this name is one that stops the job when it fires. */
export function stopsTraining(request: TrainingRequest, configuration: string): boolean {
  const find = (rules: readonly RuleConfigurationInput[] = []) =>
    rules.find(({ RuleConfigurationName }) => RuleConfigurationName === configuration);
  const debug = find(request.DebugRuleConfigurations);
  const rule = debug ?? find(request.ProfilerRuleConfigurations);
  if (rule === undefined) return false;
  const read = readRuleConfiguration(configurationOf(rule), debug ? 'debugger' : 'profiler');
  return 'rule' in read && read.rule.action === 'stop-training';
}
