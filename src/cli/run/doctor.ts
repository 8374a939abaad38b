import { type StateFlag, stateOf } from '../commands/state-flag.ts';
import type { Context } from '../context.ts';
import { checkAwsCli, checkBoto3, checkShell } from '../server/checks/clients.ts';
import type { Finding } from '../server/checks/finding.ts';
import { checkClock, checkDisk, checkNode, checkPort, checkSandbox } from '../server/checks/machine.ts';
import { findServer } from '../server/find-server.ts';
import { printable } from '../terminal/table.ts';

export interface DoctorFlags extends StateFlag {
  readonly repair?: boolean;
  readonly json?: boolean;
}

/** The port that users take for granted. */
const usualPort = 4566;

/** Looks at everything that a server needs, and says what to do about what is not as it should be. */
export async function runDoctor(flags: DoctorFlags, context: Context): Promise<void> {
  const directory = stateOf(flags, context);
  const surroundings = { directory, variables: context.environment.variables, now: () => new Date() };
  const server = await findServer(directory).catch(() => undefined);
  const node = checkNode(process.versions.node);
  const findings = (
    await Promise.all([
      node,
      node.level === 'ok' ? stateFindings({ ...surroundings, server, repair: flags.repair ?? false }) : [],
      checkPort(usualPort, server),
      checkDisk(surroundings),
      checkClock(surroundings),
      node.level === 'ok' ? sandboxFinding() : [],
      checkAwsCli(surroundings),
      checkBoto3(surroundings),
      checkShell(surroundings),
    ])
  ).flat();
  const failed = findings.some(({ level }) => level === 'fail');
  context.out(
    flags.json
      ? `${JSON.stringify({ healthy: !failed, state: directory, findings }, null, 2)}\n`
      : report(findings, context),
  );
  if (failed) context.exitCode = 1;
}

/** Loaded where Node has SQLite, on which it rests. */
async function stateFindings(
  check: Parameters<typeof import('../server/checks/state.ts').checkState>[0],
): Promise<Finding[]> {
  const { checkState } = await import('../server/checks/state.ts');
  return checkState(check);
}

/** As above. */
async function sandboxFinding(): Promise<Finding> {
  const { probeSandbox } = await import('../../server/index.ts');
  return checkSandbox(await probeSandbox());
}

function report(findings: readonly Finding[], { style }: Context): string {
  const marks = { ok: style.green('✓'), info: style.dim('·'), warn: style.yellow('!'), fail: style.red('✗') };
  return findings
    .map(
      ({ level, text, remedy }) =>
        `${marks[level]} ${printable(text)}\n${remedy ? `    ${style.dim('→')} ${remedy}\n` : ''}`,
    )
    .join('');
}
