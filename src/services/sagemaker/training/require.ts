import type { Database } from '../../../store/index.ts';
import { validation } from '../errors.ts';
import type { Place } from '../place.ts';
import { findTrainingJob, type TrainingJobRow } from './record.ts';

/** @throws AwsFault ValidationException in AWS's words. */
export function requireTrainingJob(place: Place, name: string, database: Database): TrainingJobRow {
  const job = findTrainingJob(place, name, database);
  if (job === undefined) throw validation('Requested resource not found.');
  return job;
}
