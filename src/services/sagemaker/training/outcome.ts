import type { TrainingJobRow } from './record.ts';

/** How the work of a job ended, before what it left is uploaded. */
export interface Outcome {
  readonly status: 'Completed' | 'Stopped' | 'Failed';
  readonly secondary: 'Completed' | 'Stopped' | 'MaxRuntimeExceeded' | 'Failed';
  /** Whether a whole model lies in the first instance's tree. */
  readonly model: boolean;
  /** FailureReason. */
  readonly reason?: string;
}

export const completed: Outcome = { status: 'Completed', secondary: 'Completed', model: true };

/** @param model Whether the container came to save one. */
export function stopped(why: 'request' | 'runtime', model = false): Outcome {
  return { status: 'Stopped', secondary: why === 'runtime' ? 'MaxRuntimeExceeded' : 'Stopped', model };
}

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html: FailureReason has at most 1024 characters. */
const longestReason = 1024;

/** @param cause AWS's word for whose doing it is: the request's, the container's, or ours. */
export function failed(cause: 'ClientError' | 'AlgorithmError' | 'InternalServerError', reason: string): Outcome {
  return { status: 'Failed', secondary: 'Failed', model: false, reason: shorten(`${cause}: ${reason}`) };
}

function shorten(text: string): string {
  return text.length <= longestReason ? text : `${text.slice(0, longestReason - 1)}…`;
}

/** What a signal to an instance means to the owner of its job: `was ended by SIGKILL, …`. */
export function endedBy(signal: string): string {
  const why = signal === 'SIGKILL' ? ', by somebody on this machine or by the system for want of memory' : '';
  return `was ended by ${signal}${why}`;
}

/** Of a job whose work had ended when the server did. */
export function recordedOutcome({ outcome }: Pick<TrainingJobRow, 'outcome'>): Outcome | undefined {
  return outcome === null ? undefined : (JSON.parse(outcome) as Outcome);
}

/** A reason for which a job fails that its owner can do something about. */
export class JobFailure extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.reason);
    this.name = 'JobFailure';
    this.outcome = outcome;
  }
}
