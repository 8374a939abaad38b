import { randomUUID } from 'node:crypto';
import type { Principal } from '../services/principal.ts';
import { type NativeObjects, nativeObjects, type S3State } from '../services/s3/index.ts';
import type { Rights } from './authorize.ts';

export interface RoleAccess {
  readonly principal: Extract<Principal, { kind: 'assumed-role' }>;
  readonly region: string;
  readonly url: () => string;
  /** What the role may do now. */
  readonly rights: () => Promise<Rights>;
}

/** S3 for whoever works under a role: as if it signed each request with the keys of its session. */
export function roleObjects({ principal, region, url, rights }: RoleAccess, state: S3State): NativeObjects {
  const headers = new Map<string, string>();
  const { signal } = new AbortController();
  const together = sharedForATurn(rights);
  const access = async () => {
    const { allows, denial } = await together();
    const now = state.clock.now();
    const call = { requestId: randomUUID(), now, account: principal.account, region, principal, temporary: true };
    return { call: { ...call, headers, url: url(), signal, allows }, denial };
  };
  return nativeObjects(access, state);
}

/** Of the calls that are made in one turn of the event loop, all have the rights of that moment: a job asks for thousands of objects. */
function sharedForATurn<Result>(ask: () => Promise<Result>): () => Promise<Result> {
  let current: Promise<Result> | undefined;
  return () => {
    if (current === undefined) {
      current = ask();
      setImmediate(() => {
        current = undefined;
      });
    }
    return current;
  };
}
