import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline, type Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** Where an instance answers. */
export interface Target {
  /** Connects to the instance, whatever the address of a request. */
  readonly agent: Agent;
}

export interface Invocation {
  /** The body, opened anew for each attempt. @throws what keeps it from being read: then there is no further attempt. */
  readonly open: () => Promise<Readable>;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** Seconds of one attempt. */
  readonly timeout: number;
  readonly retries: number;
  readonly signal: AbortSignal;
}

export type Answer =
  | { readonly kind: 'result'; readonly body: Buffer; readonly contentType: string | undefined }
  /** The container refuses this body, or nothing has helped. */
  | { readonly kind: 'problem'; readonly status: number | undefined; readonly message: string };

/** A result is some kilobytes; what does not end is no result. */
const largestResult = 100 * 1024 ** 2;
/** Before the second attempt; doubled before each further one. */
const firstPause = 100;

/**
 * POST /invocations. What the container refuses (4xx) it would refuse again; a failure, a busy container (5xx), a broken connection and a
 * request that takes too long are tried again.
 * @throws when aborted, and what `open` throws.
 */
export async function invokeContainer(target: Target, invocation: Invocation): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    const answer = await attemptOnce(target, invocation);
    invocation.signal.throwIfAborted();
    const isFinal = answer.kind === 'result' || (answer.status !== undefined && answer.status < 500);
    if (isFinal || attempt >= invocation.retries) return answer;
    await pause(firstPause * 2 ** attempt, undefined, { signal: invocation.signal });
  }
}

async function attemptOnce(target: Target, invocation: Invocation): Promise<Answer> {
  const body = await invocation.open();
  const time = AbortSignal.timeout(invocation.timeout * 1000);
  const signal = AbortSignal.any([invocation.signal, time]);
  try {
    const response = await send(target, { ...invocation, body, signal });
    const bytes = await readAll(response);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 200 && statusCode < 300)
      return { kind: 'result', body: bytes, contentType: headers['content-type'] };
    return { kind: 'problem', status: statusCode, message: messageOf(bytes) };
  } catch (error) {
    const message = time.aborted
      ? `no answer within ${invocation.timeout} seconds`
      : `no answer: ${withoutPath(error as NodeJS.ErrnoException)}`;
    return { kind: 'problem', status: undefined, message };
  } finally {
    body.destroy();
  }
}

/** `connect ECONNREFUSED`: where a socket lies here is nobody's concern. */
function withoutPath({ syscall, code, message }: NodeJS.ErrnoException): string {
  return syscall === undefined ? message : `${syscall} ${code}`;
}

type Sending = Invocation & { readonly body: Readable };

function send({ agent }: Target, { body, size, contentType, accept, signal }: Sending): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      agent,
      method: 'POST',
      path: '/invocations',
      signal,
      headers: {
        host: 'localhost',
        'content-length': size,
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...(accept !== undefined && { accept }),
      },
    });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    pipeline(body, bodyOf(outgoing), () => {});
  });
}

/**
 * The last chunk goes with the end of the request. Were it sent before, a container could answer and close the connection while the end, an
 * empty write, still waits behind it: that write would fail (EPIPE), and take an answer that has not been read yet with it.
 */
function bodyOf(outgoing: ClientRequest): Writable {
  let last: Buffer | undefined;
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (last === undefined) done();
      else outgoing.write(last, done);
      last = chunk;
    },
    final(done) {
      outgoing.end(last);
      done();
    },
    destroy(error, done) {
      if (error) outgoing.destroy(error);
      done(error);
    },
  });
}

async function readAll(response: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > largestResult) throw new Error(`the answer is larger than ${largestResult} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** What the container says, on one line: the message of an error in JSON, or the text itself. */
function messageOf(bytes: Buffer): string {
  const text = bytes.toString('utf8').slice(0, 2_000);
  return (jsonMessage(text) ?? text).replace(/\s+/g, ' ').trim().slice(0, 500);
}

function jsonMessage(text: string): string | undefined {
  try {
    const parsed = JSON.parse(text) as { message?: unknown; error?: unknown } | null;
    const found = parsed?.message ?? (parsed?.error as { message?: unknown } | undefined)?.message ?? parsed?.error;
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}
