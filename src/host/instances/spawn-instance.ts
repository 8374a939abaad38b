import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { userError } from '../../errors/index.ts';
import type { InstanceExit, InstanceSpec } from './instance.ts';
import type { OutputStreams } from './outputs.ts';
import { sandboxArguments } from './sandbox.ts';

/** A process that has been made, in a group and a session of its own. */
export interface SpawnedProcess {
  /** Leader of the group. */
  readonly leader: number;
  readonly isShutIn: boolean;
  /** Of the program; of a sandbox its first process, with which all of it ends. */
  readonly pid: Promise<number>;
  /** Listen in the turn in which the process was made: what nobody listens to is thrown away when it ends. */
  readonly streams: OutputStreams;
  /** A line on its standard input. */
  readonly tell: (line: string) => void;
  /** The leader has ended; others of the group may still be there. */
  readonly ended: Promise<InstanceExit>;
  /** Whether it has, as of now: then its id may be another's. */
  readonly hasEnded: () => boolean;
  /** Every pipe is at its end. */
  readonly drained: Promise<void>;
}

const stdio = ['pipe', 'pipe', 'pipe', 'pipe'] as const;
/** Where bubblewrap tells of the process that it has made. */
const infoDescriptor = 4;

/**
 * @param bubblewrap Path of the program; undefined: without a sandbox.
 * @throws WhippetError WHIPPET_HOST_START, at once or by `whenFailed`.
 */
export function spawnInstance(
  spec: InstanceSpec,
  { bubblewrap }: { readonly bubblewrap: string | undefined },
): SpawnedProcess | { readonly whenFailed: Promise<Error> } {
  const { name, command } = spec;
  const failure = (error: unknown) =>
    userError(
      'WHIPPET_HOST_START',
      { name, program: command[0], reason: reasonOf(error as NodeJS.ErrnoException) },
      error,
    );
  try {
    const child = bubblewrap === undefined ? spawnOpen(spec) : spawnShutIn(spec, bubblewrap);
    const { pid: leader } = child;
    if (leader === undefined) return { whenFailed: once(child, 'error').then(([error]) => failure(error)) };
    return spawned(child, { leader, isShutIn: bubblewrap !== undefined });
  } catch (error) {
    throw failure(error);
  }
}

function optionsOf({ directory, environment }: InstanceSpec): SpawnOptions {
  return { cwd: directory, env: { ...environment }, detached: true };
}

function spawnOpen(spec: InstanceSpec): ChildProcess {
  const [program, ...argv] = spec.command;
  return spawn(program, argv, { ...optionsOf(spec), stdio: [...stdio] });
}

function spawnShutIn(spec: InstanceSpec, bubblewrap: string): ChildProcess {
  const argv = ['--info-fd', `${infoDescriptor}`, ...sandboxArguments(spec), ...spec.command];
  return spawn(bubblewrap, argv, { ...optionsOf(spec), stdio: [...stdio, 'pipe'] });
}

function spawned(
  child: ChildProcess,
  { leader, isShutIn }: { readonly leader: number; readonly isShutIn: boolean },
): SpawnedProcess {
  const [stdin, stdout, stderr, events, info] = child.stdio as unknown as [Writable, ...Readable[]];
  // Who closes its end of the pipe has no use for it. Signals that cannot be sent are no failure of the process.
  stdin.on('error', () => {});
  child.on('error', () => {});
  return {
    ...{ leader, isShutIn },
    pid: info ? insidePid(info).then((pid) => pid ?? leader) : Promise.resolve(leader),
    tell: (line) => void stdin.write(`${line}\n`),
    streams: { stdout: stdout as Readable, stderr: stderr as Readable, events: events as Readable },
    ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(exitOf({ code, signal }, isShutIn)))),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    drained: new Promise((resolve) => child.once('close', () => resolve())),
  };
}

/** `{"child-pid": 1234}`, once the process is made; nothing where that failed, which bubblewrap tells on standard error. */
async function insidePid(info: Readable): Promise<number | undefined> {
  let text = '';
  try {
    for await (const chunk of info) text += chunk;
  } catch {
    // What came before the pipe broke is all there is.
  }
  const pid = /"child-pid": *(\d+)/.exec(text)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** bubblewrap ends with 128 + the number of the signal that ended what it ran, as a shell does. */
function exitOf(exit: InstanceExit, isShutIn: boolean): InstanceExit {
  const { code } = exit;
  if (!isShutIn || code === null || code <= 128) return exit;
  const [signal] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? [];
  return signal === undefined ? exit : { code: null, signal: signal as NodeJS.Signals };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'this user may not run it',
  EAGAIN: 'this user may have no more processes',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ENOMEM: 'there is not enough memory',
  E2BIG: 'its arguments and environment are too long',
};

function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  return reasons[code] ?? message;
}
