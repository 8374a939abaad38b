import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import type { Context } from './context.ts';
import { buildProgram } from './program.ts';

const columns = 80;

/** Help of a command and all that are below it, as a terminal of 80 columns shows it. */
function helpsOf(command: Command, path: string): [string, string][] {
  let text = '';
  const writeOut = (more: string): void => {
    text += more;
  };
  command.configureOutput({ writeOut, getOutHelpWidth: () => columns }).outputHelp();
  return [[path, text], ...command.commands.flatMap((below) => helpsOf(below, `${path} ${below.name()}`))];
}

test('no line of any help is longer than a terminal is wide', async () => {
  const context = { out: () => {}, note: () => {} } as unknown as Context;
  // As `whippet --help` lists them: without what only their own help tells.
  const listed = await buildProgram(context, []);
  const names = listed.commands.map((command) => command.name());
  const [list] = helpsOf(listed, 'whippet');
  const [, ...helps] = helpsOf(await buildProgram(context, names), 'whippet');
  const helpOf = (wanted: string): string => helps.find(([path]) => path === wanted)?.[1] ?? '';
  assert.match(helpOf('whippet serve'), /^Examples:$/m, 'what follows the options is looked at too');
  assert.match(helpOf('whippet container train'), /^Exit codes: /m, 'and the commands of a command are');
  const long = [list!, ...helps].flatMap(([path, text]) =>
    text.split('\n').flatMap((line) => (line.length > columns ? [`${path}: ${line}`] : [])),
  );
  assert.deepEqual(long, []);
});
