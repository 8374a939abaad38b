import type { SageMakerState } from '../../state.ts';
import { recordMetrics } from '../metric-history.ts';
import type { LogLine, MetricReader, MetricValue } from '../metrics.ts';
import type { TrainingJobRow } from '../record.ts';

/** What an instance prints, on its way to its log stream and to the job's metrics. */
export interface LogFeed {
  line(text: string): void;
  /** Everything so far is on the disk when it returns. */
  flush(): void;
}

export interface LogFeedOptions {
  /** `dogs-1/algo-1-1700000000`. */
  readonly stream: string;
  readonly read: MetricReader;
  readonly onMetrics: (values: readonly MetricValue[]) => void;
}

export const logGroup = '/aws/sagemaker/TrainingJobs';

/** A log is read live, and a commit waits for the disk: there is one at most in this time. */
const milliseconds = 100;

export function createLogFeed(
  job: TrainingJobRow,
  { stream, read, onMetrics }: LogFeedOptions,
  state: SageMakerState,
): LogFeed {
  let waiting: LogLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let last = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    last = performance.now();
    const lines = waiting;
    waiting = [];
    try {
      const told: LogLine[] = [];
      const values = read(lines, (text) => told.push({ text, time: state.clock.now().getTime() }));
      state.database.transaction(() => {
        const events = [...lines, ...told].map(({ text, time }) => ({ timestamp: new Date(time), message: text }));
        state.logs.append({ ...job, group: logGroup, stream }, events);
        recordMetrics(job.id, values, state.database);
        putMetrics(job, values, state);
      });
      onMetrics(values);
    } catch (error) {
      // A full disk is no reason to end the training; it is told once a batch.
      state.journal.write('error', { message: 'lines of a log are lost', stream, error: String(error) });
    }
  };

  return {
    line(text) {
      waiting.push({ text, time: state.clock.now().getTime() });
      timer ??= setTimeout(flush, Math.max(0, last + milliseconds - performance.now()));
    },
    flush,
  };
}

/** CloudWatch keeps minutes: what one tells of a metric is put at once. */
function putMetrics(job: TrainingJobRow, values: readonly MetricValue[], state: SageMakerState): void {
  const minutes = new Map<string, { readonly name: string; readonly time: number; readonly values: number[] }>();
  for (const { name, value, time } of values) {
    const minute = `${Math.floor(time / 60_000)} ${name}`;
    const told = minutes.get(minute);
    if (told) told.values.push(value);
    else minutes.set(minute, { name, time, values: [value] });
  }
  for (const { name, time, values } of minutes.values()) {
    state.metrics.put(job, {
      ...{ namespace: '/aws/sagemaker/TrainingJobs', name, dimensions: { TrainingJobName: job.name } },
      ...{ values, unit: 'None', time: new Date(time) },
    });
  }
}
