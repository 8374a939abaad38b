import type { Database } from '../../../store/index.ts';

/** An object that a job is done with. */
export interface DoneObject {
  /** Below the input's prefix. */
  readonly name: string;
  readonly etag: string;
  /** Why there is no result; null where there is one. */
  readonly problem: string | null;
}

export function recordDone(job: number, { name, etag, problem }: DoneObject, database: Database): void {
  database.run(
    'INSERT INTO transformed_objects VALUES (?, ?, ?, ?) ON CONFLICT (job, name) DO UPDATE SET etag = excluded.etag, problem = excluded.problem',
    ...[job, name, etag, problem],
  );
}

export function doneObjects(job: number, database: Database): DoneObject[] {
  return database.all<DoneObject>(
    'SELECT name, etag, problem FROM transformed_objects WHERE job = ? ORDER BY name',
    job,
  );
}

const longestReason = 1024;

/**
 * FailureReason of a job of which some objects have no result. AWS names none of them; here as many are named as there is room for.
 * @returns undefined where all have one.
 */
export function failureOf(done: readonly DoneObject[]): string | undefined {
  const failed = done.filter(({ problem }) => problem !== null);
  if (failed.length === 0) return undefined;
  const rest = done.length - failed.length;
  let text = `ClientError: ${failed.length} of ${done.length} objects could not be transformed; ${rest === 1 ? 'the result of the other is' : `the results of the other ${rest} are`} written. See job logs for more information.`;
  for (const [at, { name, problem }] of failed.entries()) {
    const more = ` ${JSON.stringify(name)}: ${problem?.replace(/\.$/, '')}.`;
    const left = failed.length - at;
    if (text.length + more.length > longestReason - 20) return `${text} And ${left} more.`;
    text += more;
  }
  return text;
}
