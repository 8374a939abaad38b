/**
 * Who computes which picture: guided self-scheduling (Polychronopoulos and Kuck 1987, https://doi.org/10.1109/TC.1987.5009495). Hosts ask
 * when they have little left and get shares that shrink towards the end; one that finds nothing left repeats what a slower one has not
 * brought back yet. So nobody waits for the slowest longer than for one picture of it.
 */
export interface Assignment {
  /** Pictures for `host` to do next, by digest; none where it has to wait for others or everything is done. */
  next(host: string): readonly string[];
  /** A host has done it. Returns whether it is the first to say so. */
  settle(host: string, digest: string): boolean;
  /** A host cannot read its file. Returns whether another host has been or will be asked for the picture. */
  giveUp(host: string, digest: string): boolean;
  /** Whether the host was ever given it. */
  wasGiven(host: string, digest: string): boolean;
  /** Pictures that are not done. */
  readonly left: number;
}

/** Large enough that a question costs nothing beside the work, small enough that nobody hoards. */
const largestShare = 64;
const smallestShare = 4;
/** Repeated work is taken back in small bites, as its first owner may be quicker after all. */
const largestRepeat = 8;
/** More hosts than this on one picture would help nobody. */
const mostOnOne = 2;

interface Picture {
  readonly digest: string;
  /** Hosts that have its file and have not given up on it. */
  readonly holders: Set<string>;
  readonly at: Set<string>;
}

/** @param holders hosts that have a file with these bytes; at least one for each of `digests`. */
export function assignPictures(
  digests: readonly string[],
  holders: ReadonlyMap<string, readonly string[]>,
): Assignment {
  const open = new Map<string, Picture>();
  const byHolders = new Map<string, Picture[]>();
  const hosts = new Set<string>();
  const given = new Map<string, Set<string>>();
  for (const digest of digests) {
    const holding = holders.get(digest) ?? [];
    const picture = { digest, holders: new Set(holding), at: new Set<string>() };
    for (const host of holding) hosts.add(host);
    open.set(digest, picture);
    const key = JSON.stringify(holding);
    const same = byHolders.get(key);
    if (same) same.push(picture);
    else byHolders.set(key, [picture]);
  }
  // From the end of each list; what fewest hosts can do comes first.
  const queues = [...byHolders.values()].sort((a, b) => (a[0]?.holders.size ?? 0) - (b[0]?.holders.size ?? 0));
  for (const queue of queues) queue.reverse();

  const fresh = (host: string): Picture[] => {
    const mine = queues.filter((queue) => queue.at(-1)?.holders.has(host));
    const available = mine.reduce((sum, queue) => sum + queue.length, 0);
    const share = Math.min(largestShare, Math.max(smallestShare, Math.ceil(available / (2 * hosts.size))));
    const taken: Picture[] = [];
    for (const queue of mine) {
      while (taken.length < share && queue.length > 0) taken.push(queue.pop() as Picture);
    }
    return taken;
  };
  /** What was given last to the host that has most in hand will be done last there. */
  const repeated = (host: string): Picture[] => {
    const loads = new Map<string, Picture[]>();
    for (const picture of open.values()) {
      const free = !picture.at.has(host) && picture.holders.has(host) && picture.at.size < mostOnOne;
      for (const other of free ? picture.at : []) loads.set(other, [...(loads.get(other) ?? []), picture]);
    }
    const heaviest = [...loads.values()].sort((a, b) => b.length - a.length)[0] ?? [];
    return heaviest.slice(-Math.min(largestRepeat, Math.ceil(heaviest.length / 2)));
  };
  return {
    next(host) {
      const found = fresh(host);
      const taken = found.length > 0 ? found : repeated(host);
      const mine = given.get(host) ?? new Set();
      given.set(host, mine);
      for (const { digest, at } of taken) {
        at.add(host);
        mine.add(digest);
        // Last given, last in the list.
        const picture = open.get(digest) as Picture;
        open.delete(digest);
        open.set(digest, picture);
      }
      return taken.map(({ digest }) => digest);
    },
    settle(host, digest) {
      open.get(digest)?.at.delete(host);
      return open.delete(digest);
    },
    giveUp(host, digest) {
      const picture = open.get(digest);
      if (!picture) return true;
      picture.at.delete(host);
      picture.holders.delete(host);
      if (picture.holders.size === 0) open.delete(digest);
      else if (picture.at.size === 0) queues.push([picture]);
      return picture.holders.size > 0;
    },
    wasGiven: (host, digest) => given.get(host)?.has(digest) ?? false,
    get left() {
      return open.size;
    },
  };
}
