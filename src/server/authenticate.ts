import { timingSafeEqual } from 'node:crypto';
import type { Credential, Principal } from '../services/principal.ts';
import type { Claim } from '../wire/index.ts';
import { type Family, invalidAccessKey, invalidToken, missingToken, tokenExpired } from './authentication-faults.ts';

/** Where key pairs are looked up. */
export interface CredentialSource {
  /** @returns undefined when no such key was ever given out. */
  find(accessKeyId: string): Promise<Credential | undefined> | Credential | undefined;
}

export const anonymous: Principal = { kind: 'anonymous' };

/**
 * The credential that a request claims, not yet that it was signed with it.
 * @throws AwsFault when the key is unknown, its session has ended, or the token is not the key's.
 */
export async function findCredential(
  claim: Claim,
  { credentials, now, family }: { credentials: CredentialSource; now: Date; family: Family },
): Promise<Credential> {
  const credential = await credentials.find(claim.accessKeyId);
  if (credential === undefined) throw invalidAccessKey(claim.accessKeyId, family);
  if (credential.sessionToken !== undefined) {
    if (claim.sessionToken === undefined) throw missingToken(claim.accessKeyId, family);
    if (!equal(claim.sessionToken, credential.sessionToken)) throw invalidToken(family);
  } else if (claim.sessionToken !== undefined) throw invalidToken(family);
  if (credential.expires && credential.expires <= now) throw tokenExpired(family);
  return credential;
}

/** In a time that does not tell where they differ. */
function equal(received: string, kept: string): boolean {
  const [a, b] = [Buffer.from(received), Buffer.from(kept)];
  return a.length === b.length && timingSafeEqual(a, b);
}
