import { type Command, InvalidArgumentError } from 'commander';
import type { Context } from '../context.ts';
import { type LogsFlags, runLogs } from '../run/logs.ts';
import { addStateFlag } from './state-flag.ts';

export function define(command: Command, context: Context): void {
  command.argument('[group]', 'log group; without one, lists the groups');
  command
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl-C')
    .option('--stream <prefix>', 'only streams whose names begin so')
    .option('--since <time>', 'only from then on: 30s, 10m, 2h, 1d ago, or a date', (text) => moment(text, new Date()))
    .option('--filter <terms>', 'only events that match, in CloudWatch’s syntax: \'"exact words" -without\'');
  addStateFlag(command);
  command
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples)
    .action((group: string | undefined, flags: LogsFlags) => runLogs(group, flags, context));
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `10m` ago, or an ISO 8601 date. */
export function moment(text: string, now: Date): Date {
  const [, amount, unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const seconds = units[unit];
  if (amount !== undefined && seconds !== undefined) return new Date(now.getTime() - Number(amount) * seconds * 1000);
  const date = /^\d{4}-\d\d/.test(text) ? new Date(text) : undefined;
  if (date && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('It must be like 10m, 2h, 1d, or 2026-01-31T12:00.');
}

const examples = `
Examples:
  whippet logs
  whippet logs /aws/sagemaker/TrainingJobs --since 10m
  whippet logs -f my-app --stream web --filter ERROR
`;
