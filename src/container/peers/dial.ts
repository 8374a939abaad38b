import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { userError } from '../../errors/index.ts';
import type { Address } from './address.ts';
import type { PeerHosts, PeerTiming } from './options.ts';
import { followerTls } from './secret.ts';

const firstPause = 100;
const longestPause = 2000;

export interface DialOptions {
  readonly peers: PeerHosts;
  readonly leader: string;
  readonly address: Address;
  readonly timing: PeerTiming;
  readonly signal: AbortSignal;
}

/**
 * A connection to the leader, which may begin minutes later than this host.
 * @throws WHIPPET_PEERS_MISSING after all patience, WHIPPET_PEERS_SECRET where it does not accept this host, the signal's reason
 */
export async function dialLeader({ peers, leader, address, timing, signal }: DialOptions): Promise<Socket> {
  const start = performance.now();
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
    signal.throwIfAborted();
    const attempt = await tryOnce(peers, { address, timing, signal });
    if (!(attempt instanceof Error)) return attempt;
    // Alerts of TLS: 20 bad_record_mac, 51 decrypt_error, 115 unknown_psk_identity. No patience helps against them.
    if (/alert number (20|51|115)\b/.test(attempt.message)) {
      throw userError('WHIPPET_PEERS_SECRET', { host: peers.current, leader }, attempt);
    }
    if (performance.now() - start + pause > timing.patience) {
      const seconds = Math.round(timing.patience / 1000);
      throw userError('WHIPPET_PEERS_MISSING', { hosts: [leader], seconds }, attempt);
    }
    await wait(pause, undefined, { signal }).catch(() => {});
  }
}

function tryOnce(
  peers: PeerHosts,
  { address, timing, signal }: Pick<DialOptions, 'address' | 'timing' | 'signal'>,
): Promise<Socket | Error> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, ...followerTls(peers) });
    const giveUp = (reason: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(reason);
    };
    const abort = (): void => giveUp(new Error('aborted'));
    const timer = setTimeout(() => giveUp(new Error('no answer')), timing.introduction);
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', giveUp);
    socket.on('secureConnect', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', giveUp);
      resolve(socket);
    });
  });
}
