/** Gathers crops into batches of a fixed number of rows and gives back their features. */
export interface Batches {
  /** Resolves with the features of the crop (a view into the batch's result). */
  add(crop: Uint8Array): Promise<Float32Array>;
  /** Sends what has gathered. */
  flush(): void;
  /** Crops added and not answered. */
  readonly pending: number;
  /** Batches sent and not answered. */
  readonly running: number;
}

interface Row {
  readonly resolve: (features: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The last batch is sent as large as any other, with black crops in the free rows: a backbone may sum in another order for
 * another batch size, and features must not depend on what was computed together.
 */
export function gatherBatches(
  { rows, rowBytes }: { rows: number; rowBytes: number },
  run: (pixels: Uint8Array<ArrayBuffer>) => Promise<Float32Array>,
): Batches {
  let pixels = new Uint8Array(rows * rowBytes);
  let waiting: Row[] = [];
  let pending = 0;
  let running = 0;

  const flush = (): void => {
    if (waiting.length === 0) return;
    const sent = waiting;
    const batch = pixels;
    waiting = [];
    pixels = new Uint8Array(rows * rowBytes);
    running++;
    run(batch).then(
      (features) => {
        const dimension = features.length / rows;
        running--;
        pending -= sent.length;
        sent.forEach(({ resolve }, row) => {
          resolve(features.subarray(row * dimension, (row + 1) * dimension));
        });
      },
      (error: unknown) => {
        running--;
        pending -= sent.length;
        for (const { reject } of sent) reject(error);
      },
    );
  };
  return {
    add(crop) {
      return new Promise((resolve, reject) => {
        pixels.set(crop, waiting.length * rowBytes);
        waiting.push({ resolve, reject });
        pending++;
        if (waiting.length === rows) flush();
      });
    },
    flush,
    get pending() {
      return pending;
    },
    get running() {
      return running;
    },
  };
}
