import type { Backbone } from '../backbone/backbone.ts';
import { extractionWorker, workerSetup } from '../features/compute.ts';
import { runTasks } from '../features/pool.ts';
import type { Outcome, Task } from '../features/protocol.ts';
import { extractionGraphFile } from '../training/extraction-graph.ts';
import type { ComputedPicture, WantedPicture } from './shared-work.ts';

/** Where pictures to compute come from, and where they go to. */
export interface Demand {
  /** The next ones, asked for before the last are done; none: there are no more. */
  next(): Promise<readonly WantedPicture[]>;
  done(computed: readonly ComputedPicture[]): void;
}

export interface ComputeOptions {
  /** The files here with these bytes. */
  readonly filesOf: (digest: string) => readonly { readonly path: string; readonly name: string }[];
  readonly backbone: Backbone;
  /** Worker processes. */
  readonly workers: number;
  /** Where the backbone's graph is written. */
  readonly cacheDirectory: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Passes pictures through the backbone as somebody asks for them; the cache is theirs. Of several files with the same bytes the first
 * that can be read counts.
 * @throws what `demand` throws, the signal's reason, WHIPPET_ONNX_LOAD, WHIPPET_FEATURES_WORKERS
 */
export async function computeOnDemand(demand: Demand, options: ComputeOptions): Promise<void> {
  const { filesOf, backbone, workers, cacheDirectory, signal } = options;
  /** The files of a task's picture that were not tried yet. */
  const others = new Map<Task, readonly { readonly path: string; readonly name: string }[]>();
  const taskOf = ({ digest, views }: WantedPicture): Task => {
    const [first, ...rest] = filesOf(digest);
    if (!first) throw new Error(`no file here has the digest ${digest}`);
    const task = { ...first, digest, views };
    if (rest.length > 0) others.set(task, rest);
    return task;
  };
  const another = (task: Task, outcome: Outcome): Task | undefined => {
    const [next, ...rest] = others.get(task) ?? [];
    others.delete(task);
    if (!next || !('refused' in outcome) || outcome.holds !== 'file') return undefined;
    const again = { ...task, ...next };
    if (rest.length > 0) others.set(again, rest);
    return again;
  };
  const modelFile = (): Promise<string> => extractionGraphFile(backbone, cacheDirectory);
  await runTasks(
    [],
    {
      ...{ workers, signal, workerFile: extractionWorker() },
      setup: await workerSetup({ ...backbone, modelFile }),
      more: async () => (await demand.next()).map(taskOf),
    },
    (unit, outcomes, features) => {
      const computed: ComputedPicture[] = [];
      const again: Task[] = [];
      let row = 0;
      unit.forEach((task, at) => {
        const outcome = outcomes[at] as Outcome;
        const end = row + task.views.length * backbone.dimension;
        const retry = another(task, outcome);
        const rows = 'facts' in outcome ? features.subarray(row, end) : new Float32Array(0);
        if (retry) again.push(retry);
        else computed.push({ digest: task.digest, outcome, rows });
        row = end;
      });
      if (computed.length > 0) demand.done(computed);
      return again;
    },
  );
}
