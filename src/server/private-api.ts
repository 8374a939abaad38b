import { createHash } from 'node:crypto';
import { AwsFault, parseQuery, readSignature, type Verifier, type WireResponse } from '../wire/index.ts';
import type { CredentialSource } from './authenticate.ts';
import { findCredential } from './authenticate.ts';
import { missingAuthentication } from './authentication-faults.ts';
import type { DecisionRow } from './decisions.ts';
import type { Exchange } from './pipeline.ts';

/** No bucket can have this name, so nothing of S3 is hidden by it. */
export const privatePrefix = '/_whippet/v1/';

export interface PrivateApi {
  /** What `whippet status` shows. */
  readonly status: () => Promise<object>;
  readonly decisions: (limit: number) => readonly DecisionRow[];
  /** Called when the answer is on its way. */
  readonly stop: () => void;
}

interface Guard {
  readonly verifier: Verifier;
  readonly credentials: CredentialSource;
  readonly now: () => Date;
}

/** What the command line asks of a running server beside AWS's own calls. Signed as for a service `whippet`, with the root key. */
export async function answerPrivately(exchange: Exchange, api: PrivateApi, guard: Guard): Promise<WireResponse> {
  try {
    await authenticateRoot(exchange, guard);
    return await route(exchange, api);
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    return json(error.status, { error: { code: error.code, message: error.message } });
  }
}

async function route({ head }: Exchange, api: PrivateApi): Promise<WireResponse> {
  const name = `${head.method} ${head.rawPath.slice(privatePrefix.length)}`;
  if (name === 'GET status') return json(200, await api.status());
  if (name === 'GET decisions') {
    const limit = Number(new Map(parseQuery(head.rawQuery)).get('limit') ?? 1000);
    return json(200, {
      decisions: api.decisions(Number.isInteger(limit) ? Math.min(Math.max(limit, 1), 10_000) : 1000),
    });
  }
  if (name === 'POST stop') {
    api.stop();
    return json(202, { stopping: true });
  }
  throw new AwsFault({ code: 'NotFound', status: 404, message: `There is no ${name}.` });
}

const bodyLimit = 64 * 1024;

async function authenticateRoot({ head, body }: Exchange, { verifier, credentials, now }: Guard): Promise<void> {
  const claim = readSignature(head);
  if (claim === undefined) throw missingAuthentication('json');
  const credential = await findCredential(claim, { credentials, now: now(), family: 'json' });
  const bodyHash = createHash('sha256')
    .update(await body.buffer(bodyLimit))
    .digest('hex');
  verifier.verify(head, claim, { secret: credential.secretAccessKey, now: now(), family: 'other', bodyHash });
  if (credential.principal.kind !== 'root' || claim.scope?.service !== 'whippet') {
    throw new AwsFault({ code: 'AccessDenied', status: 403, message: 'Only the root user may ask this.' });
  }
}

function json(status: number, value: object): WireResponse {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}
