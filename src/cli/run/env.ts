import { userError } from '../../errors/index.ts';
import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import type { Environment } from '../environment.ts';
import { awsEnvironment, type EnvironmentChange } from '../server/aws-environment.ts';
import type { LocalServer } from '../server/find-server.ts';
import { answeringServer } from '../server/private-api.ts';
import { evaluation, type Shell, shellLines, shellOf } from '../server/shell-lines.ts';
import { writeProfile } from '../server/write-profile.ts';
import { printable } from '../terminal/table.ts';

export interface EnvFlags extends StateFlag {
  readonly shell?: Shell;
  /** True without a name. */
  readonly profile?: string | true;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Prints what points a shell at the server, or writes a profile that does. */
export async function runEnv(flags: EnvFlags, context: Context): Promise<void> {
  if (flags.profile !== undefined) {
    const server = await answeringServer(stateOf(flags, context));
    return offerProfile(server, flags.profile === true ? 'whippet' : flags.profile, { flags, context });
  }
  const server = await answeringServer(stateOf(flags, context)).catch((error: unknown) => {
    // `eval "$(…)" && deploy` must not go on to AWS: `eval` of nothing succeeds, that of `false` does not.
    if (!context.terminal.out && !flags.json) context.out('false\n');
    throw error;
  });
  const { environment } = context;
  const change = awsEnvironment(server, environment.variables);
  if (flags.json) {
    context.out(`${JSON.stringify(change, null, 2)}\n`);
    return;
  }
  const shell = flags.shell ?? shellOf(environment.shell);
  context.out(shellLines(change, shell));
  context.note(context.terminal.out ? advice(flags, shell, context) : summary(server, change, context));
}

/** Somebody looks at the lines, where a shell should. */
function advice({ state, shell: asked }: EnvFlags, shell: Shell, { noteStyle }: Context): string {
  const command = ['whippet env', state && `--state ${state}`, asked && `--shell ${asked}`].filter(Boolean).join(' ');
  return `${noteStyle.yellow('!')} Nothing has changed yet. This runs the lines above: ${noteStyle.bold(evaluation(command, shell))}\n`;
}

function summary({ url }: LocalServer, { set, unset }: EnvironmentChange, { noteStyle, environment }: Context): string {
  const replaced = Object.keys(set).filter((name) => {
    const before = environment.variables[name];
    return before !== undefined && before !== set[name];
  });
  const lines = [
    `${noteStyle.green('✓')} AWS clients of this shell now talk to ${url}.`,
    `  Set ${Object.keys(set).join(', ')}.`,
    ...(replaced.length > 0 ? [`  ${noteStyle.yellow('Replaced')} ${replaced.join(', ')}.`] : []),
    // Values of tokens are nobody's business; the name of a profile tells which one is off.
    ...(unset.length > 0
      ? [`  ${noteStyle.yellow('Unset')} ${unset.map((name) => named(name, environment.variables)).join(', ')}.`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function named(name: string, variables: Readonly<Record<string, string | undefined>>): string {
  return name === 'AWS_PROFILE' ? `${name} (it was ${printable(variables[name] ?? '')})` : name;
}

async function offerProfile(
  server: LocalServer,
  name: string,
  { flags, context }: { flags: EnvFlags; context: Context },
): Promise<void> {
  const { noteStyle, terminal, environment } = context;
  const files = environment.profiles;
  const where = `${underHome(files.config, environment)} and ${underHome(files.credentials, environment)}`;
  if (!flags.yes) {
    if (!terminal.input || !terminal.note)
      throw userError('WHIPPET_CLI_CONFIRM', { what: `Writing the profile "${name}"` });
    const wanted = await context.confirm(`Write the profile "${name}" for ${server.url} to ${where}?`);
    if (!wanted) {
      context.note('Nothing was written.\n');
      context.exitCode = 1;
      return;
    }
  }
  const { changed } = await writeProfile(server, name, files);
  if (flags.json) {
    context.out(`${JSON.stringify({ profile: name, ...files, changed }, null, 2)}\n`);
    return;
  }
  const done = changed.length > 0 ? `The profile "${name}" is in ${where}` : `The profile "${name}" was there already`;
  context.note(`${noteStyle.green('✓')} ${done}.\n`);
  context.out(`aws --profile ${name} s3 ls\n`);
}

/** `~/.aws/config`, as everybody calls it. */
function underHome(path: string, { home }: Environment): string {
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
