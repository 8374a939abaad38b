/**
 * Who belongs to a job: TLS with a key that all its hosts derive from its secret, and no certificates. ECDHE makes the key of each
 * connection new, so that traffic which somebody recorded stays secret even when the job's secret gets out.
 * https://www.rfc-editor.org/rfc/rfc5489 · https://www.rfc-editor.org/rfc/rfc7905
 */
import { hkdfSync } from 'node:crypto';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { userError } from '../../errors/index.ts';
import type { PeerHosts } from './options.ts';

/** The one cipher of ECDHE, PSK and authenticated encryption that OpenSSL has for TLS 1.2; in 1.3 Node has no way to refuse an identity. */
const suite = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;

/** Bound to the name, so that a host proves its own. @throws WHIPPET_PEERS_OPTIONS for a secret that is none */
function keyOf(secret: string, host: string): Buffer {
  if (!/^([0-9a-f]{2}){16,}$/i.test(secret)) {
    throw userError('WHIPPET_PEERS_OPTIONS', { problem: 'the secret is not at least 16 bytes in hexadecimal' });
  }
  return Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', `whippet.peers/1 ${host}`, 32));
}

/** The leader's side. `onIdentity` is told the name that the other claims; once the connection is secure, it has proved it. */
export function leaderTls(
  followers: readonly string[],
  secret: string,
  onIdentity: (host: string) => void,
): TlsOptions {
  const keys = new Map(followers.map((host) => [host, keyOf(secret, host)]));
  return {
    ...suite,
    pskCallback(_socket, identity) {
      onIdentity(identity);
      return keys.get(identity) ?? null;
    },
  };
}

export function followerTls({ current, secret }: PeerHosts): ConnectionOptions {
  const psk = keyOf(secret, current);
  return {
    ...suite,
    pskCallback: () => ({ identity: current, psk }),
    // There is no certificate that could have a name: who knows the key is who it claims to be.
    checkServerIdentity: () => undefined,
  };
}
