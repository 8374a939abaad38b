import type { ParameterDefinition, Settings } from './parameter.ts';
import type { RuleContext, RuleEvaluation, RuleKind } from './rule.ts';

/** A rule of the catalogue. */
export interface RuleDefinition {
  /** AWS's name of it. */
  readonly name: string;
  readonly kind: RuleKind;
  /** When it fires, as AWS defines it. */
  readonly fires: string;
  /** What differs here, or how the figures come about that AWS takes from elsewhere. */
  readonly here?: string;
  readonly parameters: readonly ParameterDefinition[];
  create(settings: Settings, context: RuleContext): RuleEvaluation;
}
