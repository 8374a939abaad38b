import {
  type Assignment,
  assignPictures,
  type ComputedPicture,
  type KnownRefusal,
  type MissingFeatures,
  type WantedPicture,
} from '../../engine/index.ts';
import { userError } from '../../errors/index.ts';

/** The extraction of what is missing, as the leader hands it out. */
export interface SharedExtraction {
  /** `reply` gets pictures for a host as soon as there are any; none when everything is done. */
  ask(host: string, reply: (pictures: readonly WantedPicture[]) => void): void;
  /** Takes what a host computed. @throws WHIPPET_PEERS_PROTOCOL, WHIPPET_PEERS_CACHE */
  done(host: string, computed: readonly ComputedPicture[]): void;
  /** Resolves when every picture is done. */
  readonly finished: Promise<void>;
  /** Pictures that are of no use, but not for ever: the cache does not know them. */
  readonly refusals: ReadonlyMap<string, KnownRefusal>;
  readonly total: number;
  readonly left: number;
}

export interface ShareOptions {
  readonly missing: MissingFeatures;
  /** Hosts by digest. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  readonly cacheDirectory: string;
  /** Told how many pictures are left. */
  readonly onProgress: (left: number) => void;
}

type Reply = (pictures: readonly WantedPicture[]) => void;

export function shareOut({ missing, holders, cacheDirectory, onProgress }: ShareOptions): SharedExtraction {
  const digests = [...missing.wanted.keys()];
  const assignment: Assignment = assignPictures(digests, holders);
  const total = digests.length;
  const waiting = new Map<string, Reply>();
  const refusals = new Map<string, KnownRefusal>();
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  if (total === 0) finish();

  const ask = (host: string, reply: Reply): void => {
    const next = assignment.next(host).map((digest) => missing.wanted.get(digest) as WantedPicture);
    if (next.length > 0 || assignment.left === 0) reply(next);
    else waiting.set(host, reply);
  };
  /** Returns whether it is news. */
  const settle = (host: string, { digest, outcome }: ComputedPicture): boolean => {
    if ('refused' in outcome && outcome.holds === 'file' && assignment.giveUp(host, digest)) return false;
    if ('refused' in outcome && outcome.holds === 'file') {
      refusals.set(digest, outcome.refused);
      return true;
    }
    if (!assignment.settle(host, digest)) return false;
    if ('refused' in outcome && outcome.holds === 'run') refusals.set(digest, outcome.refused);
    return true;
  };
  const wake = (): void => {
    const replies = [...waiting];
    waiting.clear();
    for (const [host, reply] of replies) ask(host, reply);
  };
  return {
    ask,
    done(host, computed) {
      for (const each of computed) {
        const given = assignment.wasGiven(host, each.digest);
        const reason = given ? missing.problemOf(each) : `the picture ${each.digest} was not given to it`;
        if (reason !== undefined) throw userError('WHIPPET_PEERS_PROTOCOL', { host, reason });
      }
      missing.keep(computed.filter((each) => settle(host, each)));
      if (!missing.writable) throw userError('WHIPPET_PEERS_CACHE', { path: cacheDirectory });
      onProgress(assignment.left);
      if (assignment.left === 0) finish();
      if (waiting.size > 0) wake();
    },
    finished,
    refusals,
    total,
    get left() {
      return assignment.left;
    },
  };
}
