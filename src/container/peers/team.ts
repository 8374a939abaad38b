import type { Socket } from 'node:net';
import { runtimeVersions } from '../../engine/index.ts';
import { whippetVersion } from '../../entry/index.ts';
import { isWhippetError, userError } from '../../errors/index.ts';
import type { Address } from './address.ts';
import { type Link, openLink } from './link.ts';
import { listen } from './listen.ts';
import { type FromFollower, type FromLeader, peersProtocol, readFromFollower } from './messages.ts';
import type { PeerHosts, PeerTiming } from './options.ts';

/** The other hosts as the leader sees them. */
export interface Team {
  /** Aborted when the job cannot go on, with why as its reason: WHIPPET_PEERS_MISSING, _LOST, or what a host failed of. */
  readonly failed: AbortSignal;
  send(host: string, message: FromLeader): void;
  /** Says that a host has made the job impossible. */
  fail(error: Error): void;
  /** Sends a last word to all and closes everything. */
  close(lastWord: FromLeader): Promise<void>;
}

export interface TeamOptions extends Pick<PeerHosts, 'secret'> {
  readonly address: Address;
  /** Without the leader. */
  readonly followers: readonly string[];
  readonly timing: PeerTiming;
  /** Everything but introductions. What it throws ends the job. */
  readonly onMessage: (host: string, message: FromFollower, payload: Buffer) => void;
  /** Followers have something to say at the end, and end the connection themselves. */
  readonly lastWords?: boolean;
  /** Of connections that do not belong here, in words without secrets. */
  readonly onStranger: (message: string) => void;
}

/**
 * Listens for the other hosts of the job. Each may come once; whoever does not prove in time to be one of them is turned away.
 * @throws WHIPPET_PEERS_LISTEN
 */
export async function openTeam(options: TeamOptions): Promise<Team> {
  const { followers, timing, onMessage, lastWords = false } = options;
  const links = new Map<string, Link<FromLeader>>();
  const failure = new AbortController();
  let closed = false;
  const fail = (error: Error): void => {
    if (!closed) failure.abort(error);
  };
  const missing = (): string[] => followers.filter((host) => !links.has(host));

  const admit = (host: string, link: Link<FromLeader>): void => {
    links.set(host, link);
    link.send({ type: 'welcome' });
    if (missing().length === 0) clearTimeout(patience);
  };
  const deliver = (host: string, message: FromFollower, payload: Buffer): void => {
    // Profile records still come when everything is over; they are all that does.
    if (message.type !== 'profile' && (closed || failure.signal.aborted)) return;
    try {
      onMessage(host, message, payload);
    } catch (error) {
      const reason = (error as Error).message;
      fail(isWhippetError(error) ? error : userError('WHIPPET_PEERS_PROTOCOL', { host, reason }, error));
    }
  };
  const onPeer = (socket: Socket, host: string): void => {
    welcome(socket, { host, timing, links, fail, onAdmitted: admit, onMessage: (...said) => deliver(host, ...said) });
  };
  const server = await listen({ ...options, introduction: timing.introduction, onPeer });
  const patience = setTimeout(() => {
    const seconds = Math.round(timing.patience / 1000);
    fail(userError('WHIPPET_PEERS_MISSING', { hosts: missing(), seconds }));
  }, timing.patience);
  return {
    failed: failure.signal,
    send: (host, message) => links.get(host)?.send(message),
    fail,
    async close(lastWord) {
      if (closed) return;
      closed = true;
      clearTimeout(patience);
      for (const link of links.values()) {
        link.send(lastWord);
        if (!lastWords) link.end();
      }
      await server.close();
    },
  };
}

interface Reception {
  readonly host: string;
  readonly timing: PeerTiming;
  readonly links: ReadonlyMap<string, unknown>;
  readonly fail: (error: Error) => void;
  readonly onAdmitted: (host: string, link: Link<FromLeader>) => void;
  /** What it says after its introduction. */
  readonly onMessage: (message: FromFollower, payload: Buffer) => void;
}

/** Lets a host in when it has introduced itself in time and fits. */
function welcome(socket: Socket, { host, timing, links, fail, onAdmitted, onMessage }: Reception): void {
  let known = false;
  const late = setTimeout(() => link.destroy(), timing.introduction);
  const link = openLink<FromLeader>(socket, {
    timing,
    onMessage(header, payload) {
      const message = readFromFollower(header);
      if (known) return onMessage(message, payload);
      clearTimeout(late);
      const refusal = refusalOf(host, message, links);
      known = refusal === undefined;
      if (!refusal) return onAdmitted(host, link);
      link.send({ type: 'refused', error: refusal.toJSON() });
      link.end();
      // A second one of a name does no harm; one that can never work does.
      if (refusal.code !== 'WHIPPET_PEERS_TAKEN') fail(refusal);
    },
    onEnd(reason) {
      clearTimeout(late);
      if (known) fail(userError('WHIPPET_PEERS_LOST', { host, reason }));
    },
  });
}

function refusalOf(host: string, message: FromFollower, links: ReadonlyMap<string, unknown>) {
  const ours = [peersProtocol, whippetVersion(), ...runtimeVersions()].join(', ');
  if (message.type !== 'hello') throw new Error('it did not introduce itself');
  const theirs = [message.protocol, message.version, ...message.runtime].join(', ');
  if (theirs !== ours) return userError('WHIPPET_PEERS_VERSION', { host, theirs, ours });
  return links.has(host) ? userError('WHIPPET_PEERS_TAKEN', { host }) : undefined;
}
