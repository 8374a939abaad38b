import type { RuleStatus } from '../../../../rules/index.ts';

/** What concerns the server of the events of an instance, checked: its process may write anything. */
export type JobEvent =
  | { readonly type: 'phase'; readonly phase: string }
  | { readonly type: 'checkpoint' }
  | {
      readonly type: 'rule';
      readonly configuration: string;
      readonly status: RuleStatus;
      readonly details: string | undefined;
    };

const ruleStatuses = new Set(['InProgress', 'NoIssuesFound', 'IssuesFound', 'Error', 'Stopping', 'Stopped']);

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DebugRuleEvaluationStatus.html */
const longestDetails = 1024;

/** @returns undefined for what is of another kind or malformed. */
export function readEvent(value: unknown): JobEvent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const event = value as Readonly<Record<string, unknown>>;
  const { type, phase, configuration, status, details } = event;
  if (type === 'checkpoint') return { type };
  if (type === 'phase' && typeof phase === 'string') return { type, phase };
  if (type !== 'rule' || typeof configuration !== 'string' || !ruleStatuses.has(status as string)) return undefined;
  return {
    type,
    configuration,
    status: status as RuleStatus,
    details: typeof details === 'string' ? details.slice(0, longestDetails) : undefined,
  };
}
