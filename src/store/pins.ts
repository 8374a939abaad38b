import type { BlobId } from './blobs.ts';

/** Blobs that this process is using. There is one process per state, so nobody else has to know. */
export interface Pins {
  /** @returns the release, which counts once however often it is called. */
  pin(id: BlobId): () => void;
  isPinned(id: BlobId): boolean;
}

/** `onUnpinned` hears of a blob when its last pin is gone. */
export function createPins(onUnpinned: (id: BlobId) => void): Pins {
  const counts = new Map<BlobId, number>();
  return {
    pin(id) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = counts.get(id)! - 1;
        if (left > 0) counts.set(id, left);
        else {
          counts.delete(id);
          onUnpinned(id);
        }
      };
    },
    isPinned: (id) => counts.has(id),
  };
}
