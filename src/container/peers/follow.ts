import { resolve } from 'node:path';
import {
  chooseBackbone,
  computeOnDemand,
  type Inventory,
  readInventory,
  runtimeVersions,
  type WantedPicture,
} from '../../engine/index.ts';
import { whippetVersion } from '../../entry/index.ts';
import { isWhippetError, reviveError, userError } from '../../errors/index.ts';
import { addressOf } from './address.ts';
import { dialLeader } from './dial.ts';
import { filesByDigest, type LocalFile, readByDigest } from './files.ts';
import { inventoryPieces } from './inventory-pieces.ts';
import { leaderOf } from './leader.ts';
import { type Link, openLink } from './link.ts';
import { encodeDone, type FromFollower, type FromLeader, peersProtocol, readFromLeader } from './messages.ts';
import type { PeerWork } from './options.ts';
import { timingOf } from './timing.ts';

/**
 * Works for the host that leads: tells it what this host has, computes features of the pictures that it asks for, and gives it files for
 * its report. Keeps nothing. Resolves when the leader has its model and lets this host go.
 * @throws WHIPPET_PEERS_LOST when the leader vanishes, WHIPPET_PEERS_ENDED when it failed, WHIPPET_PEERS_* and what reading the files and
 * loading the backbone throw, the signal's reason
 */
export async function followExtraction(photos: string, work: PeerWork): Promise<void> {
  const { peers, dataset: choice = {}, onEvent } = work;
  const root = resolve(photos);
  const leader = leaderOf(peers.hosts);
  const timing = timingOf(peers.timing);
  const over = new AbortController();
  const signal = work.signal ? AbortSignal.any([work.signal, over.signal]) : over.signal;
  // Files are read while the leader starts.
  const reading = readInventory(root, { ...choice, onEvent, signal });
  reading.catch(() => {});
  const files = reading.then((inventory) => filesByDigest(root, inventory));
  files.catch(() => {});
  try {
    const socket = await dialLeader({ peers, leader, address: addressOf(leader, peers), timing, signal });
    await new Promise<void>((done, fail) => {
      const link: Link<FromFollower> = openLink(socket, {
        timing,
        onMessage: (header, payload) => listener(readFromLeader(header), payload),
        onEnd: (reason) => fail(userError('WHIPPET_PEERS_LOST', { host: leader, reason })),
      });
      const close = (end: () => void): void => {
        link.end();
        end();
      };
      const giveUp = (error: unknown): void => {
        link.send({ type: 'failed', error: errorText(error, signal) });
        close(() => fail(error));
      };
      const desk: WorkDesk = { enough: new AbortController(), reply: undefined };
      const listener = follow({ ...work, root, leader, signal, link, reading, files, close, done, fail, giveUp, desk });
      const stop = (): void => {
        if (!desk.enough.signal.aborted) {
          giveUp(signal.reason);
          return;
        }
        // A leader that is stopped as well saves its best model, and may still ask for pictures of its report.
        setTimeout(() => giveUp(signal.reason), timing.silence).unref();
      };
      signal.addEventListener('abort', stop, { once: true });
      link.send({
        ...{ type: 'hello', protocol: peersProtocol },
        ...{ version: whippetVersion(), runtime: runtimeVersions() },
      });
    });
  } finally {
    over.abort();
  }
}

function errorText(error: unknown, signal: AbortSignal): { code: string; message: string; remedy: string } {
  if (isWhippetError(error)) return error.toJSON();
  const message = signal.aborted ? 'it was stopped' : `it failed: ${error instanceof Error ? error.message : error}`;
  return { code: signal.aborted ? 'STOPPED' : 'DEFECT', message, remedy: '' };
}

interface Following extends PeerWork {
  readonly root: string;
  readonly leader: string;
  readonly signal: AbortSignal;
  readonly link: Link<FromFollower>;
  readonly reading: Promise<Inventory>;
  readonly files: Promise<(digest: string) => readonly LocalFile[]>;
  /** Ends the connection, then the work. */
  readonly close: (end: () => void) => void;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
  /** Tells the leader of an error of this host and ends with it. */
  readonly giveUp: (error: unknown) => void;
  readonly desk: WorkDesk;
}

/** What to do at each message of the leader. */
function follow(following: Following): (message: FromLeader, payload: Buffer) => void {
  const { leader, link, close, done, fail, giveUp, onEvent, profile, signal, desk } = following;
  return (message) => {
    switch (message.type) {
      case 'welcome':
        profile?.connect((record) => link.send({ type: 'profile', records: [record] }));
        sendInventory(following).catch(giveUp);
        return;
      case 'plan':
        computeFor(following, message).catch(giveUp);
        return;
      case 'work':
        onEvent?.({
          ...{ type: 'progress', stage: 'features', unit: 'pictures' },
          ...{ done: message.done, total: message.total },
        });
        desk.reply?.(message.pictures);
        return;
      case 'enough':
        desk.enough.abort();
        profile?.rest();
        return;
      case 'file':
        sendFile(following, message).catch(giveUp);
        return;
      case 'refused':
        close(() => fail(reviveError(message.error)));
        return;
      case 'released':
        profile?.last();
        close(() => {
          if (message.ok) done();
          // Stopped like its leader, which had no model yet: not a failure of either.
          else
            fail(signal.aborted ? signal.reason : userError('WHIPPET_PEERS_ENDED', { leader, reason: message.reason }));
        });
        return;
      case 'beat':
        link.send({ type: 'beat' });
    }
  };
}

async function sendInventory({ reading, link }: Following): Promise<void> {
  for (const { piece, last } of inventoryPieces(await reading)) {
    link.send({ type: 'inventory', last }, piece);
    await link.drained();
  }
}

async function sendFile(
  { files, link }: Following,
  { id, digest }: { readonly id: number; readonly digest: string },
): Promise<void> {
  const bytes = await readByDigest((await files)(digest), digest);
  link.send({ type: 'file', id, found: bytes !== undefined }, bytes);
}

/** What the leader says while pictures are computed. */
interface WorkDesk {
  /** Aborted when nothing more is to be computed. */
  readonly enough: AbortController;
  /** Takes the pictures that were asked for. */
  reply: ((pictures: readonly WantedPicture[]) => void) | undefined;
}

async function computeFor(
  following: Following,
  plan: { readonly backbone: string; readonly drawn: boolean },
): Promise<void> {
  const { root, link, files, workers, cacheDirectory, peers, desk } = following;
  const signal = AbortSignal.any([following.signal, desk.enough.signal]);
  try {
    const backbone = await chooseBackbone({ root, drawn: plan.drawn }, { ...following, signal });
    if (backbone.digest !== plan.backbone) {
      const [host, theirs, ours] = [peers.current, backbone.digest, plan.backbone];
      throw userError('WHIPPET_PEERS_BACKBONE', { host, theirs, ours });
    }
    const next = async (): Promise<readonly WantedPicture[]> => {
      await link.drained();
      link.send({ type: 'next' });
      return new Promise((reply) => {
        desk.reply = reply;
      });
    };
    const filesOf = await files;
    await computeOnDemand(
      {
        next,
        done(computed) {
          const { pictures, payload } = encodeDone(computed);
          link.send({ type: 'done', pictures }, payload);
        },
      },
      { filesOf, backbone, workers, cacheDirectory, signal },
    );
  } catch (error) {
    if (!desk.enough.signal.aborted) throw error;
  }
}
