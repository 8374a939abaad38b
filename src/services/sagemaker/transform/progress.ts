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
 * FailureReason of a job of which some objects have no result. AWS names none of them; here each problem is told with the first object
 * that has it, as long as there is room.
 * @returns undefined where all have one.
 */
export function failureOf(done: readonly DoneObject[]): string | undefined {
  const byProblem = new Map<string, string[]>();
  for (const { name, problem } of done) {
    if (problem === null) continue;
    const names = byProblem.get(problem);
    if (names) names.push(name);
    else byProblem.set(problem, [name]);
  }
  if (byProblem.size === 0) return undefined;
  let untold = [...byProblem.values()].flat().length;
  let text = `ClientError: ${untold} of ${done.length} objects could not be transformed${written(done.length - untold)}. See job logs for more information.`;
  for (const [problem, [first, ...others]] of byProblem) {
    const alike = others.length === 0 ? '' : ` and ${others.length} more`;
    const told = ` ${JSON.stringify(first)}${alike}: ${problem.replace(/\.$/, '')}.`;
    if (text.length + told.length > longestReason - 20) return `${text} And ${untold} more.`;
    text += told;
    untold -= 1 + others.length;
  }
  return text;
}

function written(results: number): string {
  if (results === 0) return '';
  return results === 1 ? '; the result of the other is written' : `; the results of the other ${results} are written`;
}
