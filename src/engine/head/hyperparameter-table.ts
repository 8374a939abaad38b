import { expectation, type Hyperparameter, hyperparameters } from './hyperparameters.ts';

/** The hyperparameters as a Markdown table: docs/head.md holds exactly this. */
export function hyperparameterTable(): string {
  const rows = Object.entries<Hyperparameter>(hyperparameters).map(
    ([name, definition]) =>
      `| \`${name}\` | ${String(definition.default)} | ${expectation(definition)} | ${definition.doc} |`,
  );
  return ['| name | default | possible | what it does |', '|---|---|---|---|', ...rows].join('\n');
}
