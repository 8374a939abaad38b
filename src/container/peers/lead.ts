import { resolve } from 'node:path';
import {
  chooseBackbone,
  computeOnDemand,
  findMissing,
  type KnownRefusal,
  type MergedDataset,
  mergeInventories,
  parseViews,
  readInventory,
} from '../../engine/index.ts';
import { reviveError, userError } from '../../errors/index.ts';
import { addressOf } from './address.ts';
import { filesByDigest, type LocalFile, readByDigest } from './files.ts';
import { type InventoryBox, openInventoryBox } from './inventory-box.ts';
import { leaderOf } from './leader.ts';
import { decodeDone, type FromFollower } from './messages.ts';
import type { LedExtraction, PeerWork } from './options.ts';
import { openPictureRequests, type PictureRequests } from './picture-requests.ts';
import { profileGate } from './profile-gate.ts';
import { type SharedExtraction, shareOut } from './share-out.ts';
import { openTeam, type Team } from './team.ts';
import { timingOf } from './timing.ts';
import { untilAborted } from './until-aborted.ts';

/**
 * Leads the hosts of a job: makes one data set of what they have, hands out the pictures whose features its cache does not know, works at
 * them like any other host, and puts what comes back into its cache. `train` with the same options and `forTrain` then computes no
 * features, and makes the very model that one host with all the files would make.
 * @throws WHIPPET_PEERS_*, WHIPPET_DATASET_*, WHIPPET_BACKBONE_*, WHIPPET_FEATURES_*, what another host failed of, the signal's reason;
 * the others are let go then
 */
export async function leadExtraction(photos: string, work: PeerWork): Promise<LedExtraction> {
  const { peers, onEvent, profile } = work;
  const leader = leaderOf(peers.hosts);
  const followers = peers.hosts.filter((host) => host !== leader).sort();
  const timing = timingOf(peers.timing);
  const inventories = openInventoryBox(followers);
  let extraction: SharedExtraction | undefined;
  const team = await openTeam({
    ...{ followers, timing, secret: peers.secret, address: addressOf(leader, peers), lastWords: profile !== undefined },
    onMessage: (host, message, payload) => receive(host, message, payload),
    onStranger: (message) => onEvent?.({ type: 'warning', code: 'peer-refused', message }),
  });
  const requests = openPictureRequests({ send: team.send, silence: timing.silence });
  const gates = new Map(profile ? followers.map((host) => [host, profileGate(host, profile.now)]) : []);
  const receive = (host: string, message: FromFollower, payload: Buffer): void => {
    if (message.type === 'inventory') inventories.take(host, payload, message.last);
    else if (message.type === 'file') requests.answer(message.id, message.found ? payload : undefined);
    else if (message.type === 'profile') {
      for (const record of gates.get(host)?.(message.records) ?? []) profile?.take(record);
    } else if (message.type === 'failed') team.fail(failureOf(host, message.error));
    else if (!extraction || message.type === 'hello' || message.type === 'beat') {
      throw new Error(`its message "${message.type}" was not expected`);
    } else if (message.type === 'done') extraction.done(host, decodeDone(message.pictures, payload));
    else handOut(extraction, { host, team });
  };
  const signal = work.signal ? AbortSignal.any([work.signal, team.failed]) : team.failed;
  const leading: Leading = { ...work, root: resolve(photos), leader, followers, team, requests, inventories, signal };
  try {
    return await lead(leading, (started) => {
      extraction = started;
    });
  } catch (error) {
    requests.close();
    await team.close({ type: 'released', ok: false, reason: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function failureOf(host: string, { code, message, remedy }: { code: string; message: string; remedy: string }): Error {
  if (code.startsWith('WHIPPET_')) return reviveError({ code, message: `On ${host}: ${message}`, remedy });
  return userError('WHIPPET_PEERS_LOST', { host, reason: message });
}

function handOut(extraction: SharedExtraction, { host, team }: { host: string; team: Team }): void {
  extraction.ask(host, (pictures) => {
    const { total, left } = extraction;
    if (pictures.length === 0) team.send(host, { type: 'enough' });
    else team.send(host, { type: 'work', pictures, total, done: total - left });
  });
}

interface Leading extends PeerWork {
  readonly root: string;
  readonly leader: string;
  readonly followers: readonly string[];
  readonly team: Team;
  readonly requests: PictureRequests;
  readonly inventories: InventoryBox;
  readonly signal: AbortSignal;
}

async function lead(leading: Leading, onStart: (extraction: SharedExtraction) => void): Promise<LedExtraction> {
  const { root, leader, followers, team, requests, inventories, signal, dataset: choice = {}, onEvent } = leading;
  const own = await readInventory(root, { ...choice, onEvent, signal });
  const others = await untilAborted(inventories.all, signal);
  const merged = mergeInventories([{ host: leader, inventory: own }, ...others], { ...choice, root, onEvent });
  const { dataset, holders } = merged;
  const filesOf = filesByDigest(root, own);
  const knownRefusals = await extract(leading, { merged, filesOf, onStart });
  return {
    dataset,
    lost: team.failed,
    forTrain: {
      source: dataset,
      knownRefusals,
      async pictureBytes({ digest }) {
        const away = (holders.get(digest) ?? []).filter((host) => followers.includes(host));
        return (await readByDigest(filesOf(digest), digest)) ?? requests.fetch(digest, away);
      },
    },
    async release(outcome) {
      requests.close();
      await team.close({ type: 'released', ok: outcome.ok, reason: outcome.ok ? '' : outcome.reason });
    },
  };
}

interface Extracting {
  readonly merged: MergedDataset;
  readonly filesOf: (digest: string) => readonly LocalFile[];
  readonly onStart: (extraction: SharedExtraction) => void;
}

/** Every feature that is missing comes into the cache. Returns what is of no use in this run only. */
async function extract(
  leading: Leading,
  { merged, filesOf, onStart }: Extracting,
): Promise<ReadonlyMap<string, KnownRefusal>> {
  const { leader, followers, team, signal, onEvent, workers, cacheDirectory } = leading;
  const { dataset, holders } = merged;
  // Its warnings come again when `train` chooses.
  const quiet = { ...leading, onEvent: withoutWarnings(onEvent) };
  const backbone = await chooseBackbone(dataset, quiet);
  const trainViews = parseViews(leading.views ?? 'center', leading.seed);
  const missing = findMissing(dataset, { backbone, trainViews, work: leading });
  try {
    const pictures = dataset.samples.length;
    const extraction = shareOut({ ...{ missing, holders, cacheDirectory }, onProgress: progressOf(pictures, onEvent) });
    onStart(extraction);
    if (extraction.total > 0) {
      const plan = { type: 'plan', backbone: backbone.digest, drawn: dataset.drawn ?? false } as const;
      for (const host of followers) team.send(host, plan);
      const work = { filesOf, backbone, workers, cacheDirectory, signal };
      await Promise.all([workHere(extraction, leader, work), untilAborted(extraction.finished, signal)]);
    }
    for (const host of followers) team.send(host, { type: 'enough' });
    return extraction.refusals;
  } finally {
    missing.close();
  }
}

function withoutWarnings(onEvent: PeerWork['onEvent']): PeerWork['onEvent'] {
  return onEvent && ((event) => event.type !== 'warning' && onEvent(event));
}

/** Tells of every batch, whoever computed it: what hears nothing takes the job for stalled. */
function progressOf(pictures: number, onEvent: PeerWork['onEvent']): (left: number) => void {
  let told = -1;
  return (left) => {
    const done = pictures - left;
    if (done === told) return;
    told = done;
    onEvent?.({ type: 'progress', stage: 'features', done, total: pictures, unit: 'pictures' });
  };
}

/** The leader's own share. What it still has in hand when others have finished it is dropped. */
async function workHere(
  extraction: SharedExtraction,
  leader: string,
  work: Parameters<typeof computeOnDemand>[1] & { readonly signal: AbortSignal },
): Promise<void> {
  const over = new AbortController();
  const finished = extraction.finished.then(() => over.abort());
  try {
    await computeOnDemand(
      {
        next: () => new Promise((reply) => extraction.ask(leader, reply)),
        done: (computed) => extraction.done(leader, computed),
      },
      { ...work, signal: AbortSignal.any([work.signal, over.signal]) },
    );
  } catch (error) {
    if (!over.signal.aborted) throw error;
  }
  await finished;
}
