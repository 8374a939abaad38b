import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { userError } from '../../errors/index.ts';
import type { Database } from '../../store/index.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Instance, InstanceExit, InstanceHost, InstanceSpec } from './instance.ts';
import { type Flow, type OutputStreams, tellOutputs, usualFlow } from './outputs.ts';
import { processIdentity } from './process-identity.ts';
import { markVariable, type ProcessRecord, type ProcessRecords, processRecords } from './process-records.ts';
import { probeSandbox } from './sandbox.ts';
import { childrenOf, groupGone, killGroup, sendSignal } from './signals.ts';
import { type SpawnedProcess, spawnInstance } from './spawn-instance.ts';
import { endSurvivors } from './survivors.ts';

export interface InstanceHostOptions {
  /** With hostTables. */
  readonly database: Database;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Cores that instances may use. Default: all that this process may use. */
  readonly cores?: number;
  /** `auto`: bubblewrap where it works. Default auto. */
  readonly isolation?: 'auto' | 'process';
  /** Folders in which bubblewrap is looked for, as in PATH. Default: those of the system. */
  readonly path?: string | undefined;
  /** How much output is taken. Default: {@link usualFlow}. */
  readonly flow?: Flow;
}

/** An instance that runs, for whoever looks after the server. */
export interface RunningInstance {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: Date;
}

/** Instances on this machine. */
export interface LocalInstanceHost extends InstanceHost {
  /** Why instances are not shut in, as a clause; undefined where they are. */
  readonly openReason: string | undefined;
  running(): readonly RunningInstance[];
}

/** Looks once what the machine can do (some 20 ms where bubblewrap is there). */
export async function createInstanceHost(options: InstanceHostOptions): Promise<LocalInstanceHost> {
  const { database, journal, clock, cores = availableParallelism(), flow = usualFlow } = options;
  const sandbox =
    options.isolation === 'process'
      ? ({ works: false, reason: 'it was asked for so' } as const)
      : await probeSandbox(options.path);
  const records = processRecords(database);
  const before = records.all();
  const running = new Map<Instance, RunningInstance>();
  let isClosed = false;
  const refuseClosed = ({ name }: InstanceSpec): void => {
    if (isClosed) throw userError('WHIPPET_HOST_STOPPING', { name });
  };
  return {
    isolation: sandbox.works ? 'bubblewrap' : 'process',
    openReason: sandbox.works ? undefined : sandbox.reason,
    cores,
    async start(spec) {
      refuseClosed(spec);
      await mkdir(spec.directory, { recursive: true, mode: 0o700 });
      refuseClosed(spec);
      const instance = await startInstance(spec, {
        ...{ records, journal, flow, bubblewrap: sandbox.works ? sandbox.program : undefined },
      });
      running.set(instance, { name: spec.name, pid: instance.pid, startedAt: clock.now() });
      void instance.exited.then(() => running.delete(instance));
      // The host was closed while the process was being made.
      if (isClosed) void instance.stop(0);
      return instance;
    },
    endSurvivors: () => endSurvivors(database, before),
    running: () => [...running.values()],
    async close(graceSeconds) {
      isClosed = true;
      await Promise.all([...running.keys()].map((instance) => instance.stop(graceSeconds)));
    },
  };
}

interface Ground {
  readonly records: ProcessRecords;
  readonly journal: Journal;
  readonly flow: Flow;
  readonly bubblewrap: string | undefined;
}

async function startInstance(spec: InstanceSpec, { records, journal, flow, bubblewrap }: Ground): Promise<Instance> {
  const { name, onLine, onEvent } = spec;
  const mark = randomUUID();
  const process = spawnInstance(
    { ...spec, environment: { ...spec.environment, [markVariable]: mark } },
    { bubblewrap },
  );
  if ('whenFailed' in process) throw await process.whenFailed;
  const tell = (message: string, detail: string): void => journal.write('warn', { message, instance: name, detail });
  const outputs = tellOutputs(process.streams, { onLine, onEvent, flow, onTrouble: tell });
  const record = recorded({ name, mark, pid: process.leader }, records);
  const exited = awaitEnd(process, outputs.release).finally(() => forget(record, { records, tell }));
  const pid = await process.pid;
  return {
    ...{ name, pid, exited, tell: process.tell },
    stop: (graceSeconds) => stopProcess(pid, process, { exited, graceSeconds }),
  };
}

/** A process of which nobody would know after a crash must not run. @throws StoreFault. */
function recorded(process: Omit<ProcessRecord, 'identity'>, records: ProcessRecords): ProcessRecord {
  const record = { ...process, identity: processIdentity(process.pid) ?? 'ended' };
  try {
    records.add(record);
    return record;
  } catch (error) {
    killGroup(process.pid);
    throw error;
  }
}

/** A record that stays is of a process that has ended: the next start finds nobody and removes it. */
function forget(
  record: ProcessRecord,
  { records, tell }: { records: ProcessRecords; tell: (message: string, detail: string) => void },
): void {
  try {
    records.remove(record);
  } catch (error) {
    tell('the record of a process could not be removed', String(error));
  }
}

/** The leader's end is the end of its group; then what is in the pipes is read. */
async function awaitEnd(
  { ended, leader, streams, drained }: SpawnedProcess,
  release: () => void,
): Promise<InstanceExit> {
  const exit = await ended;
  killGroup(leader);
  release();
  const stopWatching = closeWhenSilent(streams);
  await Promise.all([drained, groupGone(leader)]);
  stopWatching();
  return exit;
}

/** A process that has left the group may keep pipes open: they are waited for so long after the last that came. */
const silenceMilliseconds = 1_000;

function closeWhenSilent(streams: OutputStreams): () => void {
  let hasSpoken = false;
  for (const stream of Object.values(streams)) {
    stream.on('data', () => {
      hasSpoken = true;
    });
  }
  const look = (): void => {
    if (!hasSpoken) for (const stream of Object.values(streams)) stream.destroy();
    hasSpoken = false;
  };
  // Where this thread was busy for long, a timer comes before what is there to be read, and an immediate after it.
  const timer = setInterval(() => setImmediate(look), silenceMilliseconds);
  return () => clearInterval(timer);
}

function stopProcess(
  pid: number,
  { leader, ended, hasEnded, isShutIn }: SpawnedProcess,
  { exited, graceSeconds }: { readonly exited: Promise<InstanceExit>; readonly graceSeconds: number },
): Promise<InstanceExit> {
  // An id that is free again is another's.
  if (hasEnded()) return exited;
  const timer = setTimeout(() => killGroup(leader), graceSeconds * 1000);
  void ended.then(() => clearTimeout(timer));
  if (isShutIn) terminateInside(pid, hasEnded);
  else sendSignal(pid, 'SIGTERM');
  return exited;
}

const againMilliseconds = 20;

/**
 * What bubblewrap waits for: it itself would pass nothing on. Where there is nothing, it has not begun yet or has just ended.
 * @param first First process of the sandbox.
 */
function terminateInside(first: number, hasEnded: () => boolean): void {
  if (hasEnded()) return;
  const programs = childrenOf(first);
  if (programs.length === 0) setTimeout(() => terminateInside(first, hasEnded), againMilliseconds);
  for (const program of programs) sendSignal(program, 'SIGTERM');
}
