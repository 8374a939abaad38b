import { userError } from '../../errors/index.ts';
import { findServer, type LocalServer, requireServer } from './find-server.ts';
import { type Answer, type Call, signedCall } from './signed-call.ts';

/** What a server tells of itself: the answer of `GET /_whippet/v1/status`. */
export interface ServerStatus {
  /** Absolute path of the state folder. */
  readonly state: string;
  /** Since its start. */
  readonly requests: number;
  readonly version: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly region: string;
  readonly account: string;
  /** Names, such as `s3`. */
  readonly services: readonly string[];
  readonly stored?: {
    readonly buckets: number;
    readonly objects: number;
    readonly bytes: number;
    readonly logGroups: number;
  };
  readonly instances?: {
    /** `bubblewrap`, or `process`: not shut in. */
    readonly isolation: string;
    /** Why they are not. */
    readonly openReason?: string;
    readonly running: readonly { readonly name: string; readonly pid: number; readonly startedAt: string }[];
    /** Jobs that stand in line for the cores. */
    readonly waitingJobs: number;
  };
}

/** Milliseconds within which a server on the same machine says that it is there. */
const patience = 5_000;

/**
 * A server that has answered just now, with the key of this very state: so neither a stale file nor a stranger on its port is taken for it.
 * @throws WhippetError WHIPPET_SERVER_NOT_RUNNING, WHIPPET_SERVER_UNANSWERED
 */
export async function answeringServer(directory: string): Promise<LocalServer & { readonly status: ServerStatus }> {
  const server = await requireServer(directory);
  return { ...server, status: await statusOf(server) };
}

/** @throws WhippetError WHIPPET_SERVER_UNANSWERED */
export async function statusOf(server: LocalServer): Promise<ServerStatus> {
  const { body } = await call(server, { method: 'GET', path: '/_whippet/v1/status' });
  return JSON.parse(body) as ServerStatus;
}

/** Asks the server to end; it answers before it does. @throws WhippetError WHIPPET_SERVER_UNANSWERED */
export async function askToStop(server: LocalServer): Promise<void> {
  await call(server, { method: 'POST', path: '/_whippet/v1/stop' });
}

/** Whether the state is without a server again, a process that ended meanwhile included. */
export async function hasEnded({ directory, pid }: LocalServer): Promise<boolean> {
  return (await findServer(directory))?.pid !== pid;
}

async function call(server: LocalServer, request: Pick<Call, 'method' | 'path'>): Promise<Answer> {
  const answer = await signedCall(server, { ...request, service: 'whippet', timeout: patience });
  if (answer.status < 300) return answer;
  const { url, pid } = server;
  throw userError('WHIPPET_SERVER_UNANSWERED', { url, pid, reason: `the status of its answer is ${answer.status}` });
}
