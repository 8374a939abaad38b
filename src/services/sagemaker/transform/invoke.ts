import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline, type Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { lengthOf, type ResultMemory, readProblem, readResult } from './answer.ts';

/** Where an instance answers. */
export interface Target {
  /** Connects to the instance, whatever the address of a request. */
  readonly agent: Agent;
  readonly results: ResultMemory;
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
  /** Its bytes count as held in the target's `results`: whoever is done with them takes them off. */
  | { readonly kind: 'result'; readonly body: Buffer; readonly contentType: string | undefined }
  /** The container refuses this body, or nothing has helped. */
  | { readonly kind: 'problem'; readonly status: number | undefined; readonly message: string };

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
  let response: IncomingMessage | undefined;
  try {
    response = await send(target, { ...invocation, body, signal });
    const { statusCode = 0, headers } = response;
    if (statusCode < 200 || statusCode >= 300)
      return { kind: 'problem', status: statusCode, message: await readProblem(response) };
    const result = await readResult(response, target.results);
    return { kind: 'result', body: result, contentType: headers['content-type'] };
  } catch (error) {
    // What still comes of it would wait in its connection.
    response?.destroy();
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
    // Neither is asked for, and both would keep this process busy without a word of the answer.
    outgoing.once('information', () => outgoing.destroy(new Error('the container sends heads without an answer')));
    outgoing.once('response', (response) => {
      if (lengthOf(response) === undefined) outgoing.destroy(new Error('the answer does not say how long it is'));
      else resolve(response);
    });
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
