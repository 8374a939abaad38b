import { vanishingGradient } from './debugger/vanishing-gradient.ts';
import type { RuleDefinition } from './definition.ts';

/** The rules that are served, in the order in which AWS's pages name them. */
export const ruleCatalog: readonly RuleDefinition[] = [vanishingGradient];
