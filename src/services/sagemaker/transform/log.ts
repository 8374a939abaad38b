import type { Place } from '../place.ts';
import type { SageMakerState } from '../state.ts';

export const transformLogGroup = '/aws/sagemaker/TransformJobs';

/** A stream of a job's log. */
export interface TransformLog {
  line(text: string): void;
  /** Everything so far is on the disk when it returns. */
  flush(): void;
}

/** A commit waits for the disk: so many lines as come in this time share one. */
const milliseconds = 200;

export function openTransformLog(
  { account, region, stream }: Place & { readonly stream: string },
  { logs, clock, journal }: Pick<SageMakerState, 'logs' | 'clock' | 'journal'>,
): TransformLog {
  let waiting: { timestamp: Date; message: string }[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    try {
      logs.append({ account, region, group: transformLogGroup, stream }, lines);
    } catch (error) {
      journal.write('error', { message: 'lines of a log are lost', stream, error: String(error) });
    }
  };
  return {
    line(message) {
      waiting.push({ timestamp: clock.now(), message });
      timer ??= setTimeout(flush, milliseconds);
    },
    flush,
  };
}
