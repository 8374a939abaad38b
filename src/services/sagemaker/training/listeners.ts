import type { Journal } from '../../../host/index.ts';
import type { MetricValue } from './metrics.ts';
import type { TrainingJobRow } from './record.ts';

/** What others hear of training jobs. Each function returns what ends the listening. */
export interface JobNews {
  /** Every job that ends, whichever way, after that is on the disk. */
  onEnded(listener: (job: TrainingJobRow) => void): () => void;
  /** The latest value of each metric in lines that came together, after all of them are on the disk. */
  onMetric(listener: (job: TrainingJobRow, value: MetricValue) => void): () => void;
  /** Every job whose features are there, also for other jobs. */
  onPrepared(listener: (job: TrainingJobRow) => void): () => void;
}

export interface Listeners {
  readonly news: JobNews;
  ended(job: TrainingJobRow): void;
  metrics(job: TrainingJobRow, values: readonly MetricValue[]): void;
  prepared(job: TrainingJobRow): void;
}

/** What a listener throws is its own defect: it is written down, and the others hear all the same. */
export function createListeners(journal: Journal): Listeners {
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      journal.write('error', { message: 'defect', error: String((error as Error).stack ?? error) });
    }
  };
  const ended = new Set<(job: TrainingJobRow) => void>();
  const metric = new Set<(job: TrainingJobRow, value: MetricValue) => void>();
  const prepared = new Set<(job: TrainingJobRow) => void>();
  return {
    news: {
      onEnded: (listener) => listening(ended, listener),
      onMetric: (listener) => listening(metric, listener),
      onPrepared: (listener) => listening(prepared, listener),
    },
    ended(job) {
      for (const listener of ended) guarded(() => listener(job));
    },
    metrics(job, values) {
      const latest = new Map(values.map((value) => [value.name, value]));
      for (const value of latest.values()) for (const listener of metric) guarded(() => listener(job, value));
    },
    prepared(job) {
      for (const listener of prepared) guarded(() => listener(job));
    },
  };
}

function listening<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
