import { serviceName } from './service-names.ts';
import type { Style } from './style.ts';
import { fit, fitEnd, printable } from './table.ts';

interface Entry {
  readonly time: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly method?: string;
  readonly path?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly principal?: string;
  readonly status?: number;
  readonly milliseconds?: number;
  readonly [member: string]: unknown;
}

/**
 * A line of the server's log for people: a request in columns, anything else as a sentence with what belongs to it.
 * @param width Columns of the terminal. A request keeps within it: first the path gives way, then who asked.
 */
export function logLine(json: string, style: Style, width: number): string {
  const entry = JSON.parse(json) as Entry;
  const line = entry.message === 'request' ? request(entry, style, width) : event(entry, style);
  return `${style.dim(clockTime(entry.time))}  ${line}`;
}

/** Time, status, operation and duration, with the spaces between. */
const fixedWidth = 8 + 2 + 3 + 2 + 30 + 2 + 10;
const principalWidth = 2 + 18;
const shortestPath = 12;

function request(entry: Entry, style: Style, width: number): string {
  const { status = 0, milliseconds = 0, method = '', path = '' } = entry;
  // What was not recognised is told by its method; the path is there anyway.
  const what = entry.operation ? `${serviceName(entry.service ?? '')} ${entry.operation}` : method;
  const left = width - fixedWidth;
  const hasPrincipal = left >= principalWidth;
  const pathWidth = left - (hasPrincipal ? principalWidth : 0) - 2;
  const columns = [
    colourOf(status, style)(String(status)),
    fit(what, 30).padEnd(30),
    style.dim(`${milliseconds.toFixed(1)} ms`.padStart(10)),
    ...(hasPrincipal ? [style.dim(fit(printable(whoIs(entry.principal)), 18).padEnd(18))] : []),
    ...(pathWidth >= shortestPath ? [style.dim(fitEnd(printable(path), Math.min(pathWidth, 60)))] : []),
  ];
  return columns.join('  ').trimEnd();
}

function event({ time, level, message, ...rest }: Entry, style: Style): string {
  const mark = level === 'error' ? style.red('✗') : level === 'warn' ? style.yellow('!') : '·';
  const details = Object.entries(rest).map(([name, value]) => `${name} ${readable(value)}`);
  return [`${mark} ${readable(message)}`, ...details.map((detail) => style.dim(detail))].join('  ');
}

/** A stack keeps its lines. */
function readable(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).split('\n').map(printable).join('\n');
}

function colourOf(status: number, style: Style): (text: string) => string {
  if (status >= 500) return style.red;
  if (status >= 400) return style.yellow;
  return status >= 300 ? style.cyan : style.green;
}

/** `root`, `anonymous`, or role and session without the rest of the ARN. */
function whoIs(principal = ''): string {
  return principal.replace(/^arn:[^:]*:[^:]*:[^:]*:\d*:/, '').replace(/^assumed-role\//, '');
}

/** Local time of day. */
function clockTime(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}
