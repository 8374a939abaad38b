import type { RuleState } from '../evaluations.ts';
import { sentencesOf } from '../findings.ts';
import { shown } from '../number-text.ts';
import type { Finding, RuleStatus } from '../rule.ts';
import { type Content, type Markup, nameOf, tag } from './markup.ts';
import { moment } from './units.ts';

/** A line of the table: a rule of the job, or one that ProfilerReport runs. */
interface Row {
  readonly name: string;
  readonly status: RuleStatus;
  readonly details: string | undefined;
  readonly findings: readonly Finding[];
}

/** Every rule with its status, and what it found. */
export function rulesSection(rules: readonly RuleState[]): Content {
  const rows = rules.flatMap(rowsOf);
  if (rows.length === 0) return tag('p', { class: 'soft' }, 'The job had no rules.');
  return [
    tag(
      'div',
      { class: 'scroll' },
      tag(
        'table',
        {},
        tag(
          'thead',
          {},
          tag(
            'tr',
            {},
            ['Rule', 'Status', 'What it says'].map((head) => tag('th', {}, head)),
          ),
        ),
        tag('tbody', {}, rows.map(ruleRow)),
      ),
    ),
    rows.flatMap(({ findings }) => findings).map(findingNote),
  ];
}

function rowsOf({ configuration, rule, status, details, findings, parts }: RuleState): Row[] {
  const name = configuration === rule ? rule : `${configuration} (${rule})`;
  if (!parts) return [{ name, status, details: status === 'IssuesFound' ? sentencesOf(findings) : details, findings }];
  const own: Row[] = parts.map((part) => ({
    name: part.rule,
    status: part.findings.length > 0 ? 'IssuesFound' : status === 'IssuesFound' ? 'NoIssuesFound' : status,
    details: part.details,
    findings: part.findings,
  }));
  return [{ name, status, details: `It runs the ${parts.length} rules below.`, findings: [] }, ...own];
}

const ruleRow = ({ name, status, details }: Row): Markup =>
  tag(
    'tr',
    {},
    tag('td', {}, nameOf(name)),
    tag('td', {}, tag('span', { class: `status ${lookOf(status)}` }, status)),
    tag('td', {}, details ?? '–'),
  );

function lookOf(status: RuleStatus): string {
  if (status === 'IssuesFound') return 'found';
  return status === 'Error' ? 'error' : 'quiet';
}

function findingNote({ rule, step, time, tensor, value, threshold, message, advice }: Finding): Markup {
  const where = [
    step !== undefined && `step ${step}`,
    time !== undefined && moment(time),
    tensor,
    `value ${shown(value)}`,
    `threshold ${shown(threshold)}`,
  ].filter((part) => typeof part === 'string');
  return tag(
    'div',
    { class: 'note' },
    tag('p', {}, tag('b', {}, rule), ` ${message}`),
    tag('p', {}, advice),
    tag('p', { class: 'soft' }, where.join(' · ')),
  );
}
