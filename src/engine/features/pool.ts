import { reviveError, userError } from '../../errors/index.ts';
import type { FromWorker, Outcome, Task, WorkerSetup } from './protocol.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

/** Rows a worker has in hand: one batch computed, one decoded, one on the way. At least two units where pictures have many views. */
const batchesInHand = 3;
/** Deaths in a row, without one picture done in between, after which the fault is not the pictures'. */
const deathsInARow = 12;

export interface PoolOptions {
  readonly workers: number;
  /** The module that workers run. */
  readonly workerFile: URL;
  readonly setup: WorkerSetup;
  /** Further tasks, asked for before the last are done, one call at a time; none: there are no more. */
  readonly more?: (() => Promise<readonly Task[]>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes tasks that came back together; `features` has a row for each view of each of them, in order, zeros where refused.
 * Returns further tasks, mostly none.
 */
export type OnUnit = (tasks: readonly Task[], outcomes: readonly Outcome[], features: Float32Array) => readonly Task[];

/**
 * Runs tasks on worker processes until none is left. A worker that dies is replaced; the pictures it had in hand are then tried one
 * at a time, and one that ends a process by itself is refused. Rejects with what a worker failed of, what `onUnit` throws, the
 * signal's reason, or WHIPPET_FEATURES_WORKERS. No process is left when it settles.
 */
export function runTasks(tasks: readonly Task[], options: PoolOptions, onUnit: OnUnit): Promise<void> {
  return new Pool(tasks, options, onUnit).run();
}

interface Worker {
  readonly process: WorkerProcess;
  readonly units: Map<number, readonly Task[]>;
  /** Whether its session is open. */
  ready: boolean;
}

class Pool {
  readonly #options: PoolOptions;
  readonly #onUnit: OnUnit;
  readonly #queue: Task[];
  readonly #workers = new Set<Worker>();
  /** Tasks that a worker died with, and those of them that wait for another try. */
  readonly #suspects = new Set<Task>();
  readonly #suspectQueue: Task[] = [];
  #settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  /** Whether `more` has tasks (as far as is known), or is being asked for them. */
  #source: 'open' | 'asked' | 'dry';
  #ended = false;
  #units = 0;
  #deaths = 0;

  constructor(tasks: readonly Task[], options: PoolOptions, onUnit: OnUnit) {
    this.#queue = [...tasks];
    this.#options = options;
    this.#onUnit = onUnit;
    this.#source = options.more ? 'open' : 'dry';
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const abort = (): void => this.#fail(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        this.#settle = { resolve, reject };
        this.#startUseful();
        this.#goOn();
      });
    } finally {
      signal?.removeEventListener('abort', abort);
      for (const worker of this.#workers) worker.process.kill();
    }
  }

  /** As many workers as have a batch to fill. */
  #startUseful(): void {
    const { workers, setup } = this.#options;
    const useful = Math.min(workers, Math.ceil(this.#queue.length / setup.batch));
    while (this.#workers.size < useful) this.#start();
  }

  #start(): void {
    const worker: Worker = {
      ready: false,
      units: new Map(),
      process: startWorker(this.#options.workerFile, {
        onMessage: (message) => this.#hear(worker, message),
        onDeath: (reason) => this.#bury(worker, reason),
      }),
    };
    this.#workers.add(worker);
    worker.process.send({ type: 'setup', setup: this.#options.setup });
  }

  #fail(error: unknown): void {
    this.#ended = true;
    this.#settle?.reject(error);
  }

  /** Gives every worker what it can take; ends when there is nothing left to do. */
  #goOn(): void {
    if (this.#ended) return;
    if (this.#queue.length + this.#suspectQueue.length > 0 && this.#workers.size === 0) this.#start();
    for (const worker of this.#workers) this.#feed(worker);
    if (this.#source === 'open' && this.#queue.length === 0) void this.#ask();
    if (this.#source !== 'dry' || this.#queue.length + this.#suspectQueue.length > 0) return;
    for (const worker of this.#workers) if (worker.units.size > 0) return;
    this.#ended = true;
    this.#settle?.resolve();
  }

  /** Asks while every worker still has batches in hand. */
  async #ask(): Promise<void> {
    this.#source = 'asked';
    try {
      const tasks = (await this.#options.more?.()) ?? [];
      if (this.#ended) return;
      this.#source = tasks.length > 0 ? 'open' : 'dry';
      this.#queue.push(...tasks);
      this.#startUseful();
      this.#goOn();
    } catch (error) {
      this.#fail(error);
    }
  }

  #feed(worker: Worker): void {
    const inHand = [...worker.units.values()].flat();
    const [first] = inHand;
    if (first && this.#suspects.has(first)) return;
    if (!first && this.#suspectQueue.length > 0) {
      // Alone in a worker that has proved able to start: if that ends now, there is no doubt why.
      if (worker.ready) this.#send(worker, [this.#suspectQueue.shift() as Task]);
      return;
    }
    const { setup, workers } = this.#options;
    let rows = inHand.reduce((sum, { views }) => sum + views.length, 0);
    while (this.#queue.length > 0 && (rows < setup.batch * batchesInHand || worker.units.size < 2)) {
      const unit = this.#queue.splice(0, unitSize(this.#queue, setup.batch, workers));
      this.#send(worker, unit);
      rows += unit.reduce((sum, { views }) => sum + views.length, 0);
    }
  }

  #send(worker: Worker, tasks: readonly Task[]): void {
    const id = this.#units++;
    worker.units.set(id, tasks);
    worker.process.send({ type: 'unit', id, tasks });
  }

  #hear(worker: Worker, message: FromWorker): void {
    if (this.#ended) return;
    if (message.type === 'failed') this.#fail(reviveError(message.error));
    else if (message.type === 'ready') worker.ready = true;
    else {
      const tasks = worker.units.get(message.id) ?? [];
      worker.units.delete(message.id);
      this.#deaths = 0;
      this.#accept(tasks, message.outcomes, message.features);
    }
    this.#goOn();
  }

  #accept(tasks: readonly Task[], outcomes: readonly Outcome[], features: Float32Array): void {
    try {
      this.#queue.push(...this.#onUnit(tasks, outcomes, features));
    } catch (error) {
      this.#fail(error);
    }
  }

  #bury(worker: Worker, reason: string): void {
    this.#workers.delete(worker);
    if (this.#ended) return;
    const lost = [...worker.units.values()].flat();
    this.#deaths++;
    if (this.#deaths >= deathsInARow || (lost.length === 0 && !worker.ready)) {
      this.#fail(userError('WHIPPET_FEATURES_WORKERS', { reason }));
      return;
    }
    const [first] = lost;
    if (first && this.#suspects.has(first)) {
      const refused = userError('WHIPPET_FEATURES_CRASH', { source: first.name, reason }).toJSON();
      const rows = first.views.length * this.#options.setup.dimension;
      this.#accept([first], [{ refused, holds: 'run' }], new Float32Array(rows));
    } else {
      for (const task of lost) this.#suspects.add(task);
      this.#suspectQueue.push(...lost);
    }
    if (!this.#ended && this.#queue.length + this.#suspectQueue.length > 0) this.#start();
    this.#goOn();
  }
}

/** About one batch of rows; less towards the end, so that the workers finish together. */
function unitSize(queue: readonly Task[], batch: number, workers: number): number {
  const whole = Math.ceil(batch / (queue[0]?.views.length ?? 1));
  return Math.max(1, Math.min(whole, Math.ceil(queue.length / (workers * 2))));
}
