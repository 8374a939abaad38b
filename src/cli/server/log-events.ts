import { userError } from '../../errors/index.ts';
import type { LocalServer } from './find-server.ts';
import { signedCall } from './signed-call.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html */
export interface LogEvent {
  readonly eventId: string;
  readonly logStreamName: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
}

export interface LogGroup {
  readonly logGroupName: string;
  readonly creationTime: number;
  readonly storedBytes?: number;
  readonly retentionInDays?: number;
}

export interface LogQuery {
  readonly group: string;
  readonly streamPrefix?: string | undefined;
  readonly terms?: string | undefined;
  /** Milliseconds since 1970, inclusive. */
  readonly from?: number | undefined;
}

/** All events of a group that match, oldest first, as the server hands them out page by page. */
export async function* logEvents(server: LocalServer, query: LogQuery, signal: AbortSignal): AsyncGenerator<LogEvent> {
  const input = {
    logGroupName: query.group,
    ...(query.streamPrefix !== undefined && { logStreamNamePrefix: query.streamPrefix }),
    ...(query.terms !== undefined && { filterPattern: query.terms }),
    ...(query.from !== undefined && { startTime: query.from }),
  };
  for await (const page of pages<{ events?: LogEvent[] }>({ server, operation: 'FilterLogEvents', input, signal })) {
    yield* page.events ?? [];
  }
}

export async function* logGroups(server: LocalServer, signal: AbortSignal): AsyncGenerator<LogGroup> {
  const call = { server, operation: 'DescribeLogGroups', input: {}, signal };
  for await (const page of pages<{ logGroups?: LogGroup[] }>(call)) yield* page.logGroups ?? [];
}

interface LogsCall {
  readonly server: LocalServer;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

async function* pages<T>({ server, operation, input, signal }: LogsCall): AsyncGenerator<T> {
  let nextToken: string | undefined;
  do {
    const { status, body } = await signedCall(server, {
      service: 'logs',
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${operation}` },
      body: JSON.stringify({ ...input, ...(nextToken !== undefined && { nextToken }) }),
      signal,
    });
    const page = JSON.parse(body || '{}') as Awaited<T> & { nextToken?: string; message?: string; __type?: string };
    if (status !== 200) {
      throw userError('WHIPPET_SERVER_CALL', { operation, reason: page.message ?? page.__type ?? `status ${status}` });
    }
    yield page;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}
