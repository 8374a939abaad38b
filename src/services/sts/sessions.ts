import type { Credentials } from '@aws-sdk/client-sts';
import type { Validated } from '../operation.ts';
import type { Credential, Principal } from '../principal.ts';
import type { SessionState } from './state.ts';

export type SessionPrincipal = Exclude<Principal, { kind: 'anonymous' }>;

interface SessionRow {
  readonly access_key_id: string;
  readonly secret_access_key: string;
  readonly session_token: string;
  readonly expires: number;
  readonly principal: string;
}

/** For so long a key is known to have expired; after that it is unknown. */
const keptExpiredMilliseconds = 24 * 3_600_000;

/** Temporary credentials for a principal, on the disk when this returns. */
export function createSession(
  principal: SessionPrincipal,
  { seconds, now }: { seconds: number; now: Date },
  { database, random }: SessionState,
): Validated<Credentials> {
  // Whole seconds, as clients are told.
  const expires = new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000);
  const credentials = {
    AccessKeyId: `ASIA${base32(random(16))}`,
    SecretAccessKey: random(30).toString('base64'),
    SessionToken: random(180).toString('base64'),
    Expiration: expires,
  };
  database.transaction(() => {
    database.run('DELETE FROM sessions WHERE expires < ?', now.getTime() - keptExpiredMilliseconds);
    database.run(
      'INSERT INTO sessions (access_key_id, secret_access_key, session_token, expires, principal) VALUES (?, ?, ?, ?, ?)',
      ...[credentials.AccessKeyId, credentials.SecretAccessKey, credentials.SessionToken],
      ...[expires.getTime(), JSON.stringify(principal)],
    );
  });
  return credentials;
}

/** The credential of a temporary key, for the server; expired or not. */
export function findSession(accessKeyId: string, { database }: Pick<SessionState, 'database'>): Credential | undefined {
  const row = database.get<SessionRow>('SELECT * FROM sessions WHERE access_key_id = ?', accessKeyId);
  if (row === undefined) return undefined;
  return {
    accessKeyId: row.access_key_id,
    secretAccessKey: row.secret_access_key,
    sessionToken: row.session_token,
    expires: new Date(row.expires),
    principal: readPrincipal(row.principal),
  };
}

function readPrincipal(text: string): SessionPrincipal {
  const principal = JSON.parse(text) as SessionPrincipal;
  return principal.kind === 'assumed-role' ? { ...principal, issuedAt: new Date(principal.issuedAt) } : principal;
}

/** Letters and digits of access keys. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
}
