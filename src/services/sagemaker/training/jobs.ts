import type { SageMakerState } from '../state.ts';
import type { NewTrainingJob, TrainingJobRow, TrainingRequest } from './record.ts';

/** The training jobs at work: what operations and tuning ask of them. */
export interface TrainingJobs {
  /**
   * Records a checked job; it starts when there is room. May be called within a transaction, so that its caller's rows and the job are there
   * together or not at all.
   * @throws AwsFault ResourceInUse where the name is taken.
   */
  create(request: TrainingRequest, options: NewTrainingJob): TrainingJobRow;
  /** Asks a job that has not ended to stop; it is Stopping when this returns, and keeps what it has learnt. */
  stop(job: TrainingJobRow): void;
  /** Listens to every job that ends, whichever way, after that is on the disk. Returns what ends the listening. */
  onEnded(listener: (job: TrainingJobRow) => void): () => void;
  /** Listens to values of metrics as they come, after they are on the disk. */
  onMetric(listener: (job: TrainingJobRow, point: MetricPoint) => void): () => void;
  /** Takes up what an earlier server left. */
  resume(): Promise<void>;
  /** Ends instances; their jobs go on when a server resumes them. */
  close(): Promise<void>;
}

export interface MetricPoint {
  readonly name: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** All values of one metric of a job, in the order in which they came: of Whippet's own metrics, one an epoch. */
export function metricHistory(
  job: Pick<TrainingJobRow, 'id'>,
  name: string,
  { database }: Pick<SageMakerState, 'database'>,
): MetricPoint[] {
  return database.all<MetricPoint>(
    'SELECT name, value, time FROM training_metrics WHERE job = ? AND name = ? ORDER BY sequence',
    ...[job.id, name],
  );
}
