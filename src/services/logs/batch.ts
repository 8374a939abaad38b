import { invalidParameter } from './errors.ts';
import { eventBytes, type LogEvent } from './events.ts';

/** What PutLogEvents takes of a batch. Indices as AWS's RejectedLogEventsInfo has them: the ends are exclusive. */
export interface Accepted {
  readonly events: readonly LogEvent[];
  readonly tooOldEnd?: number;
  readonly expiredEnd?: number;
  readonly tooNewStart?: number;
}

const hour = 3_600_000;
const day = 24 * hour;
const largestBatch = 1_048_576;

/**
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 * @param retention Days, or null.
 * @throws AwsFault InvalidParameterException for a batch that is too large, not in order, or spans more than a day.
 */
export function checkBatch(
  events: readonly LogEvent[],
  { now, retention }: { now: Date; retention: number | null },
): Accepted {
  const bytes = events.reduce((sum, event) => sum + eventBytes(event), 0);
  if (bytes > largestBatch) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${largestBatch}`);
  }
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const time = now.getTime();
  const tooOldEnd = countBefore(events, time - 14 * day);
  const expiredEnd = retention === null ? 0 : countBefore(events, time - retention * day);
  const tooNewStart = countBefore(events, time + 2 * hour + 1);
  const accepted = events.slice(Math.max(tooOldEnd, expiredEnd), tooNewStart);
  checkSpan(accepted);
  return {
    events: accepted,
    ...(tooOldEnd > 0 && { tooOldEnd }),
    ...(expiredEnd > tooOldEnd && { expiredEnd }),
    ...(tooNewStart < events.length && { tooNewStart }),
  };
}

/** "For valid events, the time span in a single batch cannot exceed 24 hours." */
function checkSpan(accepted: readonly LogEvent[]): void {
  const [first, last] = [accepted[0], accepted.at(-1)];
  if (first && last && last.timestamp - first.timestamp > day) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

function countBefore(events: readonly LogEvent[], time: number): number {
  const index = events.findIndex(({ timestamp }) => timestamp >= time);
  return index < 0 ? events.length : index;
}
