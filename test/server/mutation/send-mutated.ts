import assert from 'node:assert/strict';
import { seededRandom } from '../../../src/random/index.ts';
import type { ServiceName } from '../../../src/wire/index.ts';
import { type Answer, assumeNewRole, send, statement } from '../client.ts';
import type { Running } from '../running.ts';
import { percentEncode, type RawRequest, sha256 } from '../signing.ts';
import type { ProtocolName } from './encodings.ts';
import { prepare } from './ground.ts';
import { type Ground, mutatedRequest, targetOf } from './requests.ts';
import { assertWellFormed } from './well-formed.ts';

/** Services by the protocols that reach them. */
export const protocols: Readonly<Record<ProtocolName, readonly ServiceName[]>> = {
  'rest-xml': ['s3'],
  query: ['iam', 'sts', 'cloudwatch'],
  json: ['logs', 'cloudwatch'],
  cbor: ['cloudwatch'],
};

export interface Mutations {
  readonly protocol: ProtocolName;
  readonly seed: string;
  readonly count: number;
  /** Number of the first request: `SEED/NUMBER` of a defect is repeated with `first: NUMBER, count: 1`. */
  readonly first?: number;
}

/** A failure that can be repeated: `seed/number`. */
export interface Defect {
  readonly number: string;
  readonly problem: string;
  readonly request: string;
}

export interface Report {
  readonly statuses: ReadonlyMap<number, number>;
  readonly defects: readonly Defect[];
}

const lanes = 16;
const controlEvery = 500;

/**
 * Sends mutated requests and looks at each answer: that there is one, no 5xx but 501, in the shape of its protocol, without a secret; and
 * at the log: no defect, no secret. Every 500 a control request has to be answered as ever.
 */
export async function sendMutated(at: Running, { protocol, seed, count, first = 0 }: Mutations): Promise<Report> {
  const targets = await Promise.all(protocols[protocol].map(targetOf));
  const known = await prepare(at);
  const { root, url, server } = at;
  const role = `mutant-${sha256(seed).slice(0, 12)}`;
  const session = await assumeNewRole(root, role, { policy: statement({ Action: '*', Resource: '*' }), url });
  await root.s3('PUT', '/control');
  await root.s3('PUT', '/control/control', { body: 'still here' });
  const ground: Ground = { known, keys: [server.credentials, session.keys] };
  const secrets = ground.keys.map(({ secretAccessKey }) => secretAccessKey);
  const tokens = [session.keys.sessionToken ?? 'none'];
  const statuses = new Map<number, number>();
  const defects: Defect[] = [];
  let logged = at.log.length;

  const one = async (number: number): Promise<void> => {
    const random = seededRandom(`${seed}/${number}`);
    const request = await mutatedRequest(protocol, { targets, ground, random, url });
    const fail = (problem: string): void =>
      void defects.push({ number: `${seed}/${number}`, problem, request: shown(request) });
    let answer: Answer;
    try {
      answer = await send(url, request);
    } catch (error) {
      return fail(`no answer: ${error}`);
    }
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    // A refused signature is answered with what should have been signed, and so with the token that came with it.
    const foreign = tokens.filter(
      (token) =>
        !`${shown(request)} ${request.target}`.includes(percentEncode(token)) && !shown(request).includes(token),
    );
    const problem = problemOf(answer, [...secrets, ...foreign]);
    if (problem !== undefined) fail(problem);
  };
  const readLog = (): void => {
    for (; logged < at.log.length; logged++) {
      const line = at.log[logged] as string;
      const { level, error, message } = JSON.parse(line) as { level: string; error?: string; message: string };
      if (level === 'error')
        defects.push({ number: seed, problem: `${message}: ${error}`, request: line.slice(0, 300) });
      if ([...secrets, ...tokens].some((secret) => line.includes(secret))) {
        defects.push({ number: seed, problem: 'a secret in the log', request: line });
      }
    }
  };
  let next = first;
  const lane = async (): Promise<void> => {
    for (let number = next++; number < first + count; number = next++) {
      await one(number);
      if (number % controlEvery !== 0) continue;
      const { text } = await root.s3('GET', '/control/control');
      assert.equal(text, 'still here', `${seed}/${number}: the control request`);
      await prepare(at);
      readLog();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  readLog();
  const control = await root.s3('GET', '/control/control');
  assert.equal(control.text, 'still here', `${seed}: the control request`);
  return { statuses, defects };
}

function problemOf(answer: Answer, secrets: readonly string[]): string | undefined {
  const { status, text, headers } = answer;
  if (status >= 500 && status !== 501) return `status ${status}: ${text.slice(0, 300)}`;
  const whole = `${JSON.stringify(headers)} ${text}`;
  if (secrets.some((secret) => whole.includes(secret))) return 'a secret in the answer';
  try {
    assertWellFormed(answer);
  } catch (error) {
    return `not well-formed: ${(error as Error).message}: ${text.slice(0, 600)}`;
  }
  return undefined;
}

function shown({ method, target, headers, body }: RawRequest): string {
  return `${method} ${target}\n${JSON.stringify(headers)}\n${Buffer.from(body).toString('latin1').slice(0, 2000)}`;
}
