import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { whippetVersion } from '../entry/index.ts';
import { userError } from '../errors/index.ts';
import { type Clock, createJournal, createScheduler, hostTables, type Journal, wallClock } from '../host/index.ts';
import { serviceTables } from '../services/tables.ts';
import { type FileSystem, openStore, type Store } from '../store/index.ts';
import {
  type Constraints,
  createVerifier,
  loadConstraints,
  type ServiceName,
  serviceFacts,
  type WireResponse,
} from '../wire/index.ts';
import { rootCredentials } from './credentials.ts';
import { createDecisions, decisionTables } from './decisions.ts';
import { announce, withdraw } from './discovery.ts';
import { createDispatcher } from './dispatch.ts';
import { openBody, readHead } from './incoming.ts';
import { type Listener, type ListenOptions, listen } from './listener.ts';
import { occupantOf } from './occupant.ts';
import { answer, type Exchange, type PipelineParts } from './pipeline.ts';
import { answerPrivately, type PrivateApi, privatePrefix } from './private-api.ts';
import { checkedOptions, type ServerOptions } from './server-options.ts';
import { createServices, type Services } from './services.ts';
import { makeTemporaryState } from './temporary-state.ts';

/** A server that answers. */
export interface WhippetServer {
  /** `http://127.0.0.1:4566`: the endpoint for any AWS client. */
  readonly url: string;
  /** Of the account's root user, in the form AWS's clients for JavaScript take. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** Absolute path of the state folder. */
  readonly state: string;
  /** Resolves when the server has stopped, whoever stopped it. */
  readonly stopped: Promise<void>;
  /** Lets requests under way end (2 s at most), then closes everything. May be called more than once. */
  stop(): Promise<void>;
}

const account = '000000000000';
const graceMilliseconds = 2_000;

/**
 * Starts a local AWS in this process: S3, STS, IAM, CloudWatch, CloudWatch Logs and SageMaker, for any
 * AWS client. Many may run in one process,
 * each on its own state.
 * @throws WhippetError WHIPPET_SERVER_OPTION, WHIPPET_SERVER_PORT, WHIPPET_SERVER_ADDRESS, WHIPPET_STORE_… when the state cannot be used.
 */
export function startServer(options: ServerOptions = {}): Promise<WhippetServer> {
  return startServerWith(options, { clock: wallClock });
}

/** What the server stands on: of tests, that let time pass and disks fail. */
export interface Ground {
  readonly clock: Clock;
  /** Where blobs are files. Default: the system's. */
  readonly files?: FileSystem;
}

/** As {@link startServer}, on another ground. */
export async function startServerWith(options: ServerOptions, { clock, files }: Ground): Promise<WhippetServer> {
  const { port, state, listen: host, region, onLog } = checkedOptions(options);
  const temporary = state === 'memory' ? await makeTemporaryState() : undefined;
  try {
    const store = await openStore({
      directory: temporary?.directory ?? resolve(state),
      schemas: [decisionTables, hostTables, ...serviceTables],
      durability: temporary ? 'memory' : 'full',
      ...(files && { files }),
    });
    try {
      return await startOn(store, { port, host, region, onLog, clock, discard: async () => temporary?.remove() });
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    await temporary?.remove();
    throw error;
  }
}

interface Settings {
  readonly port: number;
  readonly host: string;
  readonly region: string;
  readonly onLog: (line: string) => void;
  /** Called when the store is closed: removes a state that was to be temporary. */
  readonly discard: () => Promise<void>;
  readonly clock: Clock;
}

/** A way from a request to its answer. */
type Respond = (exchange: Exchange) => Promise<WireResponse>;

async function startOn(store: Store, settings: Settings): Promise<WhippetServer> {
  const { host, region, clock } = settings;
  const now = (): Date => clock.now();
  const root = await rootCredentials(store.directory);
  const journal = createJournal(settings.onLog, now);
  const scheduler = createScheduler(journal);
  const decisions = createDecisions(store.database, { scheduler, now });
  let url = '';
  const services = createServices({
    ...{ store, scheduler, clock, journal, root, account, record: decisions.record, url: () => url },
  });
  const parts = pipelineParts({ services, journal, region, clock });
  const startedAt = now().toISOString();
  const describe = () => ({ pid: process.pid, startedAt, version: whippetVersion(), region, account });

  let tellStopped = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    tellStopped = resolve;
  });
  const stop = once(async () => {
    await listener.close(graceMilliseconds);
    await services.close();
    await scheduler.stop();
    decisions.flush();
    await withdraw(store.directory);
    await store.close();
    await settings.discard();
    tellStopped();
  });
  let requests = 0;
  const api: PrivateApi = {
    status: async () => ({
      ...describe(),
      ...{ state: store.directory, services: Object.keys(serviceFacts), requests },
      stored: await services.usage(),
      instances: { ...(await describeInstances(services)), waitingJobs: services.waitingJobs() },
    }),
    decisions(limit) {
      decisions.flush();
      return decisions.list(limit);
    },
    stop: () => void setImmediate(() => void stop()),
  };
  const respond: Respond = (exchange) => {
    requests++;
    const { bucket, rawPath } = exchange.head;
    const isPrivate = bucket === undefined && rawPath.startsWith(privatePrefix);
    return isPrivate ? answerPrivately(exchange, api, parts) : answer(exchange, parts);
  };
  const onDefect = (error: unknown): void =>
    journal.write('error', { message: 'an answer broke off', error: String((error as Error)?.stack ?? error) });
  await services.endSurvivors();
  const listener = await listenOn(respond, { host, port: settings.port, onDefect }).catch(async (error: unknown) => {
    await scheduler.stop();
    throw error;
  });
  url = urlOf(host, listener.port);
  await announce(store.directory, { url, ...describe() });
  services.resume().catch(onDefect);
  return { url, credentials: { ...root }, region, account, state: store.directory, stopped, stop };
}

async function describeInstances(services: Services) {
  const { isolation, openReason, running } = await services.instances();
  return { isolation, openReason, running: running() };
}

interface Made {
  readonly services: Services;
  readonly journal: Journal;
  readonly region: string;
  readonly clock: Clock;
}

function pipelineParts({ services, journal, region, clock }: Made): PipelineParts {
  return {
    dispatcher: createDispatcher(),
    verifier: createVerifier(),
    credentials: services.credentials,
    authorizer: services.authorizer,
    service: services.load,
    constraints: constraintTables(),
    journal,
    now: () => clock.now(),
    account,
    region,
  };
}

async function listenOn(respond: Respond, options: ListenOptions): Promise<Listener> {
  const { host, port } = options;
  let url = '';
  const handle = (incoming: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<WireResponse> => {
    const exchange = { head: readHead(incoming), body: openBody(incoming, response), url, signal };
    return respond({ ...exchange, sourceIp: incoming.socket.remoteAddress ?? '' });
  };
  try {
    const listener = await listen(handle, options);
    url = urlOf(host, listener.port);
    return listener;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw userError('WHIPPET_SERVER_PORT', { port, occupant: await occupantOf(port) });
    throw userError('WHIPPET_SERVER_ADDRESS', { host, port, reason: reasons[code] ?? code }, error);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such name',
};

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let under: Promise<void> | undefined;
  return () => {
    under ??= work();
    return under;
  };
}

/** Each service's table is read when it is first needed. */
function constraintTables(): (name: ServiceName) => Constraints {
  const tables = new Map<ServiceName, Constraints>();
  return (name) => {
    const table = tables.get(name) ?? loadConstraints(name);
    tables.set(name, table);
    return table;
  };
}
