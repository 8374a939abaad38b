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
  for (const rule of [...debug, ...profiler]) {
    checkRule(rule);
    const name = rule.RuleConfigurationName ?? '';
    if (names.has(name)) throw validation(`Duplicate rule configuration name: "${name}".`);
    names.add(name);
  }
}

function checkRule({
  RuleConfigurationName: name = '',
  RuleParameters = {},
  S3OutputPath,
}: RuleConfigurationInput): void {
  const rule = RuleParameters.rule_to_invoke;
  if (rule === undefined) {
    throw validation(
      `Rule "${name}" must say which built-in rule it is in RuleParameters.rule_to_invoke, such as "Overfit".`,
    );
  }
  if (S3OutputPath !== undefined) parseS3Uri(S3OutputPath, `S3OutputPath of rule "${name}"`);
}
