import { isWhippetError } from '../../../errors/index.ts';
import { isStoreFault } from '../../../store/index.ts';
import { AwsFault } from '../../../wire/index.ts';
import type { SageMakerState } from '../state.ts';
import { failed, JobFailure, type Outcome } from './outcome.ts';

/**
 * Does a part of a job's work; what S3 refuses then becomes a reason that says which part it was.
 * @param what AWS's words: `Data download failed`.
 */
export async function during<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    throw new JobFailure(failed('ClientError', `${what}: ${error.code}: ${error.message}${missing(error)}`));
  }
}

/** S3 says what it does not find, or how much is too much, beside its words and not in them. */
function missing({
  code,
  fields: { BucketName: bucket, Key: key, Size: size, MaxSizeAllowed: most },
}: AwsFault): string {
  if (code === 'KeyTooLongError') return ` (${size} bytes, ${most} are allowed)`;
  const name = bucket ?? key;
  return name === undefined ? '' : ` (${name})`;
}

export function isFullDisk(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' || (isStoreFault(error) && error.kind === 'full');
}

/** What was thrown becomes the job's end. What no owner of a job can do anything about is written down for whoever runs the server. */
export function outcomeOf(
  error: unknown,
  job: { readonly name: string },
  { journal }: Pick<SageMakerState, 'journal'>,
): Outcome {
  if (error instanceof JobFailure) return error.outcome;
  if (isFullDisk(error)) return failed('InternalServerError', 'The disk of the server is full.');
  journal.write('error', { message: 'training job', job: job.name, error: String((error as Error).stack ?? error) });
  if (isWhippetError(error)) return failed('InternalServerError', error.message);
  return failed('InternalServerError', 'We encountered an internal error. Please try again.');
}
